using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

internal sealed class LeavesNoMarkers(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => base.Delete(id, SessionMarker.None);
}

internal sealed class LeavesAMarkerWithEveryDeletion(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves) => base.Delete(id, SessionMarker.Replaced);
}

internal sealed class LeavesTheMarkerOfWhatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves)
    {
        if (leaves != SessionMarker.None && Records.ContainsKey(id))
        {
            Markers.TryAdd(id, (leaves, Now));
        }

        return base.Delete(id, SessionMarker.None);
    }
}

internal sealed class FindsAMarkerAtTheInstantOfItsEnd(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionMarker FindMarker(SessionId id) =>
        Markers.TryGetValue(id, out var left) && Now <= left.EndedAt + SessionMarkerLifetime.Duration ? left.Marker : SessionMarker.None;
}

internal sealed class FindsAMarkerUntilItsSessionWouldHaveExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly Dictionary<SessionId, DateTimeOffset> _expiries = [];

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        _expiries[session.Id] = session.ExpiresAt;
        return base.Create(session, limit, replaces);
    }

    protected override SessionMarker FindMarker(SessionId id) =>
        _expiries.TryGetValue(id, out var expires) && Now < expires ? base.FindMarker(id) : SessionMarker.None;
}

internal sealed class DeletesMarkers(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves)
    {
        Markers.Remove(id);
        return base.Delete(id, leaves);
    }
}

internal sealed class RenewsMarkers(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Delete(SessionId id, SessionMarker leaves)
    {
        if (Markers.TryGetValue(id, out var left))
        {
            Markers[id] = (left.Marker, Now);
        }

        return base.Delete(id, leaves);
    }
}

internal sealed class GivesTheIdOfAMarkerAway(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        Markers.Remove(session.Id);
        return base.Create(session, limit, replaces);
    }
}

internal sealed class NeverSweepsMarkers(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void DeleteMarkers() { }
}

internal sealed class SweepsMarkersAtOnce(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void DeleteMarkers() => Markers.Clear();
}

/// <summary>Keeps markers as sessions that have an end of their own, and forgets in most calls that they are none.</summary>
internal sealed class TakesMarkersForSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly HashSet<SessionId> _markers = [];

    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        Locked(
            () =>
                Live(id) is not { } session ? default
                : _markers.Contains(id) ? new SessionLookup { Marker = SessionMarker.Replaced }
                : session,
            cancellationToken
        );

    protected override Session? Delete(SessionId id, SessionMarker leaves)
    {
        var session = base.Delete(id, SessionMarker.None);
        if (session is not null && leaves != SessionMarker.None)
        {
            _markers.Add(id);
            Records[id] = session with { ExpiresAt = Now + SessionMarkerLifetime.Duration };
        }

        return session;
    }
}
