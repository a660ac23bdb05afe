using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>
/// The contract in the simplest way there is: one lock, one table. Nodes share the table. Faulty stores override the step in which they are
/// faulty.
/// </summary>
internal partial class ReferenceStore(TimeProvider time, ReferenceTable table) : ISessionStore
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

    public virtual async ValueTask PrepareAsync(CancellationToken cancellationToken) => await Locked(static () => true, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Session>?>(
            () =>
            {
                DeleteMarkers();
                DeleteDamaged();
                return Remove(Due(maxCount));
            },
            cancellationToken
        );

    public virtual ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return Locked<SessionPage?>(() => Page(continuation, pageSize), cancellationToken);
    }

    protected virtual SessionMarker FindMarker(SessionId id) =>
        Markers.TryGetValue(id, out var left) && Now < left.EndedAt + SessionMarkerLifetime.Duration ? left.Marker : SessionMarker.None;

    protected virtual Session WithValues(Session session, IReadOnlyCollection<string>? valueKeys) => session.WithValues(valueKeys);

    protected virtual IEnumerable<Session> Tagged(SessionTag tag) => Ordered(Records.Values.Where(session => session.Tags.Contains(tag)));

    protected virtual bool IsLive(Session session) => !session.IsExpired(Now) && IsReadable(session);

    protected virtual bool IsReadable(Session session)
    {
        if (!table.Damaged.Contains(session.Id))
        {
            return true;
        }

        table.Reporter?.Report($"{session.Id}");
        return false;
    }

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

    protected virtual void ThrowIfBroken()
    {
        if (table.Failure is { } cause)
        {
            throw StoreFailure.Create("The table", cause);
        }
    }

    protected ValueTask<T> Locked<T>(Func<T> step, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (table.Lock)
        {
            ThrowIfBroken();
            return new(step());
        }
    }
}
