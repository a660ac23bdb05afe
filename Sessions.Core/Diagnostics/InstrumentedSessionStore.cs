namespace Sessions.Diagnostics;

/// <summary>
/// A manager's way to its store: every call that fails is counted, outages are logged, and a store that is known to be down is not called.
/// </summary>
internal sealed class InstrumentedSessionStore(
    ISessionStore inner,
    StoreOutage outage,
    StoreAvailability availability,
    SessionMetrics? metrics
) : DelegatingSessionStore(inner)
{
    public override ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            "create",
            (session, limit, replaces),
            static (to, call, cancel) => to.CreateAsync(call.session, call.limit, call.replaces, cancel),
            cancellationToken
        );

    // Auth goes through here: an answer that is there already is passed on as it is.
    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        ValueTask<SessionLookup> fetching;
        try
        {
            availability.ThrowIfDown();
            fetching = Inner.FetchAsync(id, cancellationToken);
        }
        catch (Exception e)
        {
            // What a store throws at once fails the task like everything else, and not the call.
            fetching = ValueTask.FromException<SessionLookup>(e);
        }

        if (!fetching.IsCompletedSuccessfully)
        {
            return ExecuteAsync("fetch", fetching, static (_, fetching, _) => fetching, cancellationToken);
        }

        outage.RecordSuccess();
        return fetching;
    }

    public override ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            "fetch_all",
            (userKey, valueKeys),
            static (to, call, cancel) => to.FetchAllAsync(call.userKey, call.valueKeys, cancel),
            cancellationToken
        );

    public override ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        ExecuteAsync("fetch_by_tag", tag, static (to, tag, cancel) => to.FetchByTagAsync(tag, cancel), cancellationToken);

    public override ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        ExecuteAsync("update", (id, patch), static (to, call, cancel) => to.UpdateAsync(call.id, call.patch, cancel), cancellationToken);

    public override async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        await ExecuteAsync(
                "touch",
                touches,
                static async (to, touches, cancel) =>
                {
                    await to.TouchAsync(touches, cancel).ConfigureAwait(false);
                    return touches.Count;
                },
                cancellationToken
            )
            .ConfigureAwait(false);

    public override ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        ExecuteAsync("delete", (id, leaves), static (to, call, cancel) => to.DeleteAsync(call.id, call.leaves, cancel), cancellationToken);

    public override ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    ) =>
        ExecuteAsync(
            "delete_all",
            (userKey, except),
            static (to, call, cancel) => to.DeleteAllAsync(call.userKey, call.except, cancel),
            cancellationToken
        );

    public override ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        ExecuteAsync("delete_by_tag", tag, static (to, tag, cancel) => to.DeleteByTagAsync(tag, cancel), cancellationToken);

    public override async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await ExecuteAsync(
                "prepare",
                0,
                static async (to, call, cancel) =>
                {
                    await to.PrepareAsync(cancel).ConfigureAwait(false);
                    return call;
                },
                cancellationToken
            )
            .ConfigureAwait(false);

    public override ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "delete_expired",
            maxCount,
            static (to, maxCount, cancel) => to.DeleteExpiredAsync(maxCount, cancel),
            cancellationToken
        );

    public override ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "fetch_page",
            (continuation, pageSize),
            static (to, call, cancel) => to.FetchPageAsync(call.continuation, call.pageSize, cancel),
            cancellationToken
        );

    // The arguments are passed beside a static lambda, so that a call allocates no closure.
    private async ValueTask<TResult> ExecuteAsync<TCall, TResult>(
        string operation,
        TCall call,
        Func<ISessionStore, TCall, CancellationToken, ValueTask<TResult>> execute,
        CancellationToken cancellationToken
    )
    {
        (long, long, long)? begun = null;
        try
        {
            begun = availability.Begin();
            var result = await execute(Inner, call, cancellationToken).ConfigureAwait(false);
            availability.RecordAnswer();
            outage.RecordSuccess();
            return result;
        }
        catch (SessionStoreException e)
        {
            metrics?.RecordStoreFailure(operation);
            outage.RecordFailure(e);
            if (begun is { } failed)
            {
                availability.RecordFailure(failed);
            }

            throw;
        }
        finally
        {
            if (begun is not null)
            {
                availability.End();
            }
        }
    }
}
