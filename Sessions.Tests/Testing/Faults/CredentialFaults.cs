using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class ChangesAnyCredential(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.Credential is null ? patch : patch with { Credential = patch.Credential with { Expected = session.Credential } },
            session
        );
}

internal sealed class ComparesTheSecretOnly(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.Credential is { } change && change.Expected.Current == session.Credential.Current
                ? patch with
                {
                    Credential = change with { Expected = session.Credential },
                }
                : patch,
            session
        );
}

internal sealed class RetainsTheOldConfirmation(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var update = base.Apply(patch, session);
        var credential = update.Session!.Credential with { ConfirmedAt = session.Credential.ConfirmedAt };
        return patch.Credential is null ? update : update with { Session = update.Session with { Credential = credential } };
    }
}

internal sealed class OmitsTheAnchors(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces) =>
        base.Create(session with { Credential = session.Credential with { OlderAnchor = null } }, limit, replaces);
}
