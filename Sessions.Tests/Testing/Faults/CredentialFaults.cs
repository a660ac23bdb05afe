using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class RotatesAnySecret(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.Rotation is null ? patch : patch with { Rotation = patch.Rotation with { Expected = session.Credential.Secret } },
            session
        );
}

internal sealed class ConfirmsAgain(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(patch, session with { Credential = session.Credential with { ConfirmedAt = null } });
}

internal sealed class RetainsTheOldConfirmation(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var update = base.Apply(patch, session);
        var credential = update.Session!.Credential with { ConfirmedAt = session.Credential.ConfirmedAt };
        return patch.Rotation is null ? update : update with { Session = update.Session with { Credential = credential } };
    }
}

internal sealed class ConfirmsAnySecret(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.Confirmation is null
                ? patch
                : patch with
                {
                    Confirmation = patch.Confirmation with { Secret = session.Credential.Secret },
                },
            session
        );
}

internal sealed class SetsTheReplacedSecretAsThePrevious(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.Rotation is null ? patch : patch with { Rotation = patch.Rotation with { Previous = session.Credential.Secret } },
            session
        );
}
