using System.Text;
using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

/// <summary>Stores that do not keep a session as it was given.</summary>
internal abstract class ChangesWhatItIsGiven(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected abstract Session Change(Session session);

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces) =>
        base.Create(Change(session), limit, replaces);
}

internal sealed class TruncatesToSeconds(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session with
        {
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(session.CreatedAt.ToUnixTimeSeconds()),
        };
}

internal sealed class LosesTheConfirmation(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) => session with { Credential = session.Credential with { ConfirmedAt = null } };
}

internal sealed class ReadsEmptyTextAsNull(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session with
        {
            Client = session.Client with { Browser = session.Client.Browser is "" ? null : session.Client.Browser },
        };
}

internal sealed class ReadsTheEpochAsNull(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session with
        {
            AuthenticatedAt = session.AuthenticatedAt == DateTimeOffset.UnixEpoch ? null : session.AuthenticatedAt,
        };
}

internal sealed class LosesTheTelevisionKind(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session.LastClient.Device == DeviceKind.Television
            ? session with
            {
                LastClient = session.LastClient with { Device = DeviceKind.Unknown },
            }
            : session;
}

internal sealed class NormalizesValues(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session with
        {
            Values = SessionValues.From(
                session
                    .Values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Replace("\r\n", "\n", StringComparison.Ordinal)))
                    .DistinctBy(pair => pair.Key)
            ),
        };
}

internal sealed class DecodesValuesAsAscii(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session with
        {
            Values = SessionValues.From(
                session.Values.Select(pair => KeyValuePair.Create(pair.Key, Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(pair.Value))))
            ),
        };
}

internal sealed class CutsLongValues(TimeProvider time, ReferenceTable table) : ChangesWhatItIsGiven(time, table)
{
    protected override Session Change(Session session) =>
        session with
        {
            Values = SessionValues.From(
                session.Values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value[..Math.Min(pair.Value.Length, 65_534)]))
            ),
        };
}
