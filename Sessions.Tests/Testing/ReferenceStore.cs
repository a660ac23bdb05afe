using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>
/// The contract in the simplest way there is: one lock, one table. Nodes share the table. Faulty stores override the step in which they are
/// faulty.
/// </summary>
internal class ReferenceStore(TimeProvider time, ReferenceTable table) : ISessionStore
{
    public ReferenceTable Table => table;

    protected Dictionary<SessionId, Session> Records => table.Records;

    protected Dictionary<SessionId, (SessionMarker Marker, DateTimeOffset EndedAt)> Markers => table.Markers;

    protected DateTimeOffset Now => time.GetUtcNow();

    public virtual ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) => Locked(() => Create(session, limit, replaces), cancellationToken);

    public virtual ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        Locked(() => Live(id) is { } session ? session : new SessionLookup { Marker = FindMarker(id) }, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => Locked<IReadOnlyList<Session>>(() => LiveOf(userKey).ConvertAll(session => WithValues(session, valueKeys)), cancellationToken);

    public virtual ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Session>>(() => [.. Tagged(tag).Where(IsLive)], cancellationToken);

    public virtual ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        Locked(() => Live(id) is { } session ? Write(Apply(patch, session)) : SessionUpdate.Gone, cancellationToken);

    public virtual async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        await Locked(
            () =>
            {
                Touch(touches);
                return true;
            },
            cancellationToken
        );

    public virtual ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        Locked(() => Delete(id, leaves), cancellationToken);

    public virtual ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    ) => Locked(() => DeleteAll(userKey, except), cancellationToken);

    public virtual ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Session>>(() => DeleteByTag(tag), cancellationToken);

    public virtual ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Session>?>(
            () =>
            {
                DeleteMarkers();
                return Remove(Due(maxCount));
            },
            cancellationToken
        );

    public virtual ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return Locked<SessionPage?>(() => Page(continuation, pageSize), cancellationToken);
    }

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

    protected virtual List<Session> Due(int limit) =>
        Records.Values.Where(session => session.IsExpired(Now - ClockTolerance.Deletion)).Take(limit).ToList();

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

    protected virtual SessionMarker FindMarker(SessionId id) =>
        Markers.TryGetValue(id, out var left) && Now < left.EndedAt + SessionMarkerLifetime.Duration ? left.Marker : SessionMarker.None;

    protected virtual Session WithValues(Session session, IReadOnlyCollection<string>? valueKeys) => session.WithValues(valueKeys);

    protected virtual IEnumerable<Session> Tagged(SessionTag tag) => Ordered(Records.Values.Where(session => session.Tags.Contains(tag)));

    protected virtual bool IsLive(Session session) => !session.IsExpired(Now);

    protected virtual bool IsSameUser(string? one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    protected virtual IEnumerable<Session> Ordered(IEnumerable<Session> sessions) =>
        sessions.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id);

    protected virtual SessionUpdate Apply(SessionPatch patch, Session session) => patch.ApplyTo(session);

    protected virtual Session Apply(SessionTouch touch, Session session) => touch.ApplyTo(session);

    protected virtual Session? Live(SessionId id) => Records.GetValueOrDefault(id) is { } session && IsLive(session) ? session : null;

    protected IEnumerable<Session> Of(string userKey) => Ordered(Records.Values.Where(session => IsSameUser(session.UserKey, userKey)));

    protected List<Session> LiveOf(string userKey) => Of(userKey).Where(IsLive).ToList();

    protected SessionUpdate Write(SessionUpdate update)
    {
        Records[update.Session!.Id] = update.Session;
        return update;
    }

    protected ValueTask<T> Locked<T>(Func<T> step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (table.Lock)
        {
            return new(step());
        }
    }
}

/// <summary>The records that all nodes of a <see cref="ReferenceStore"/> share, and their lock.</summary>
internal sealed class ReferenceTable
{
    public Lock Lock { get; } = new();

    public Dictionary<SessionId, Session> Records { get; } = [];

    public Dictionary<SessionId, (SessionMarker Marker, DateTimeOffset EndedAt)> Markers { get; } = [];
}
