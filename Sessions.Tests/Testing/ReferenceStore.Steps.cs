using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <content>The steps, each of them under the lock.</content>
internal partial class ReferenceStore
{
    protected virtual SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        if (Records.ContainsKey(session.Id) || Markers.ContainsKey(session.Id))
        {
            throw new DuplicateSessionException(session.Id);
        }

        var replaced = FindReplaced(session, replaces);
        var ended = Surplus(session, limit, replaced);
        if (ended.Count > 0 && limit!.Policy == SessionLimitPolicy.Refuse)
        {
            throw new SessionLimitException(limit);
        }

        foreach (var other in ended)
        {
            Records.Remove(other.Id);
        }

        if (replaced is not null)
        {
            Delete(replaced.Id, SessionMarker.Replaced);
        }

        Records.Add(session.Id, session);
        return new() { Evicted = ended, Replaced = replaced };
    }

    protected virtual Session? FindReplaced(Session session, SessionId? replaces) =>
        session.UserKey is { } userKey
        && replaces is { } id
        && id != session.Id
        && Live(id) is { } other
        && IsSameUser(other.UserKey, userKey)
            ? other
            : null;

    protected virtual IReadOnlyList<Session> Surplus(Session session, SessionLimit? limit, Session? replaced) =>
        session.UserKey is null || limit is null
            ? []
            : (limit with { Policy = SessionLimitPolicy.EndLeastRecentlyUsed }).GetEvicted(
                session,
                LiveOf(session.UserKey).Where(other => other.Id != replaced?.Id)
            );

    protected virtual void Touch(IReadOnlyList<SessionTouch> touches)
    {
        foreach (var touch in touches)
        {
            if (Live(touch.Id) is { } session)
            {
                Records[touch.Id] = Apply(touch, session);
            }
        }
    }

    protected virtual Session? Delete(SessionId id, SessionMarker leaves)
    {
        var session = Live(id);
        Records.Remove(id);
        if (session is not null && leaves != SessionMarker.None)
        {
            Markers.Add(id, (leaves, Now));
        }

        return session;
    }

    protected virtual List<Session> DeleteByTag(SessionTag tag)
    {
        var tagged = Tagged(tag).ToList();
        tagged.ForEach(session => Records.Remove(session.Id));
        return [.. tagged.Where(IsLive)];
    }

    protected virtual IReadOnlyList<Session>? DeleteAll(string userKey, SessionId? except)
    {
        var live = LiveOf(userKey);
        if (except is { } spared && live.RemoveAll(session => session.Id == spared) == 0)
        {
            return null;
        }

        foreach (var session in Of(userKey).Where(session => session.Id != except).ToList())
        {
            Records.Remove(session.Id);
        }

        return live;
    }

    protected IReadOnlyList<Session> Remove(IEnumerable<Session> sessions) => [.. sessions.Where(session => Records.Remove(session.Id))];

    protected virtual void DeleteMarkers()
    {
        var expired = Now - ClockTolerance.Deletion - SessionMarkerLifetime.Duration;
        foreach (var id in Markers.Where(marker => marker.Value.EndedAt <= expired).Select(marker => marker.Key).ToList())
        {
            Markers.Remove(id);
        }
    }

    protected virtual void DeleteDamaged()
    {
        foreach (var id in table.Damaged.Where(id => Records.TryGetValue(id, out var session) && IsDue(session)).ToList())
        {
            Records.Remove(id);
        }
    }

    protected virtual List<Session> Due(int limit) => Records.Values.Where(IsDue).Take(limit).ToList();

    private bool IsDue(Session session) => session.IsExpired(Now - ClockTolerance.Deletion);

    protected virtual SessionPage Page(string? continuation, int limit)
    {
        SessionId? last = continuation is null ? null : SessionId.Parse(continuation);
        var records = Records
            .Values.Where(session => last is null || session.Id > last)
            .OrderBy(session => session.Id)
            .Take(limit)
            .ToList();
        return new() { Sessions = [.. records.Where(IsLive)], Continuation = records.Count < limit ? null : $"{records[^1].Id}" };
    }
}
