using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class ReplacesAllValues(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(patch, patch.Values.Changes.Count == 0 ? session : session with { Values = SessionValues.Empty });
}

internal sealed class DoesNotCheckWhatAPatchExpects(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var unconditional = patch.Values.Changes.Aggregate(
            ValuesPatch.Empty,
            (values, change) => change.Value is null ? values.Remove(change.Key) : values.Set(change.Key, change.Value)
        );
        return base.Apply(patch with { Values = unconditional }, session);
    }
}

internal sealed class CountsCharacters(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var applied = base.Apply(patch with { MaxValuesBytes = null }, session);
        return
            applied.Outcome == SessionUpdateOutcome.Applied
            && applied.Session!.Values.Sum(pair => pair.Key.Length + pair.Value.Length) > patch.MaxValuesBytes
            ? new() { Outcome = SessionUpdateOutcome.TooLarge, Session = session }
            : applied;
    }
}

internal sealed class FindsARemovalTooLarge(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var applied = base.Apply(patch, session);
        return applied.Session!.Values.ByteCount > patch.MaxValuesBytes
            ? new() { Outcome = SessionUpdateOutcome.TooLarge, Session = session }
            : applied;
    }
}

internal sealed class AppliesTheRestOfAPatchThatIsTooLarge(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var update = base.Apply(patch, session);
        return update.Outcome == SessionUpdateOutcome.TooLarge
            ? update with
            {
                Session = base.Apply(patch with { Values = ValuesPatch.Empty }, session).Session,
            }
            : update;
    }
}

internal sealed class OmitsRemovedValues(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var update = base.Apply(patch, session);
        return update with { Removed = SessionValues.Empty };
    }
}

internal sealed class ExpectsIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var values = patch.Values;
        foreach (var (key, expected) in patch.Values.Expected)
        {
            var held = session.Values.GetValueOrDefault(key);
            values = string.Equals(held, expected, StringComparison.OrdinalIgnoreCase) ? values.Expect(key, held) : values;
        }

        return base.Apply(patch with { Values = values }, session);
    }
}

internal sealed class ReadsAnAbsentValueAsEmpty(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var values = patch.Values;
        foreach (var (key, _) in patch.Values.Expected.Where(expected => expected.Value is "" && !session.Values.ContainsKey(expected.Key)))
        {
            values = values.Expect(key, null);
        }

        return base.Apply(patch with { Values = values }, session);
    }
}

internal sealed class RemovesKeysIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var values = patch.Values;
        foreach (var (removed, _) in patch.Values.Changes.Where(change => change.Value is null))
        {
            values = session
                .Values.Keys.Where(key => string.Equals(key, removed, StringComparison.OrdinalIgnoreCase))
                .Aggregate(values, (all, key) => all.Remove(key));
        }

        return base.Apply(patch with { Values = values }, session);
    }
}

internal sealed class MeasuresBeforeItChecks(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        var unconditional = patch.Values.Changes.Aggregate(
            ValuesPatch.Empty,
            (values, change) => change.Value is null ? values.Remove(change.Key) : values.Set(change.Key, change.Value)
        );
        var measured = new SessionPatch { Values = unconditional, MaxValuesBytes = patch.MaxValuesBytes }.ApplyTo(session);
        return measured.Outcome == SessionUpdateOutcome.TooLarge ? measured : base.Apply(patch, session);
    }
}

internal sealed class PatchesEverySessionOfTheUser(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session)
    {
        foreach (var other in Records.Values.Where(other => other.UserKey == session.UserKey).ToList())
        {
            Write(base.Apply(patch, other));
        }

        return base.Apply(patch, session);
    }
}

internal sealed class MergesTheLastClient(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.LastClient is null
                ? patch
                : patch with
                {
                    LastClient = patch.LastClient with { Browser = patch.LastClient.Browser ?? session.LastClient.Browser },
                },
            session
        );
}

internal sealed class OnlyLengthensASession(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionUpdate Apply(SessionPatch patch, Session session) =>
        base.Apply(
            patch.Reauthentication is { } again && again.ExpiresAt < session.ExpiresAt
                ? patch with
                {
                    Reauthentication = again with { ExpiresAt = session.ExpiresAt },
                }
                : patch,
            session
        );
}
