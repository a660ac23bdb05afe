namespace Sessions.Stores;

/// <summary>
/// A store as today's options see it: what it returns has the ends that <see cref="LifetimePolicy"/> gives it. A session that has ended by
/// them is neither listed nor changed; one that is fetched says by its expiry that it has ended.
/// </summary>
internal sealed class LifetimeSessionStore(ISessionStore inner, LifetimePolicy policy, TimeProvider time) : DelegatingSessionStore(inner)
{
    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        var pending = base.FetchAsync(id, cancellationToken);
        return pending.IsCompletedSuccessfully ? new(Limit(pending.Result)) : AwaitAsync(pending);

        async ValueTask<SessionLookup> AwaitAsync(ValueTask<SessionLookup> pending) => Limit(await pending.ConfigureAwait(false));
    }

    public override async ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => Limit(await base.FetchAllAsync(userKey, valueKeys, cancellationToken).ConfigureAwait(false));

    public override async ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        Limit(await base.FetchByTagAsync(tag, cancellationToken).ConfigureAwait(false));

    public override async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        var update = await base.UpdateAsync(id, patch, cancellationToken).ConfigureAwait(false);
        return update.Session is not { } session ? update
            : policy.Apply(session) is var limited && limited.IsExpired(time.GetUtcNow()) ? SessionUpdate.Gone
            : ReferenceEquals(limited, session) ? update
            : update with { Session = limited };
    }

    public override async ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        await base.FetchPageAsync(continuation, pageSize, cancellationToken).ConfigureAwait(false) is { } page
            ? page with
            {
                Sessions = Limit(page.Sessions),
            }
            : null;

    private SessionLookup Limit(SessionLookup found) =>
        found.Session is { } session ? found with { Session = policy.Apply(session) } : found;

    private List<Session> Limit(IReadOnlyList<Session> sessions)
    {
        var now = time.GetUtcNow();
        return [.. sessions.Select(policy.Apply).Where(session => !session.IsExpired(now))];
    }
}
