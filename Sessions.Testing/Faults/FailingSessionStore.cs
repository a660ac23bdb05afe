namespace Sessions.Testing;

/// <summary>
/// A store that fails on command: it passes calls on to the store behind it, counts them, fails those it was told to with a
/// <see cref="SessionStoreException"/>, and holds others back until they are released.
/// </summary>
/// <remarks>The store behind stays with whoever made it and is not disposed.</remarks>
public abstract partial class FailingSessionStore : IPreparableSessionStore
{
    private readonly FaultPlan _plan = new();
    private readonly ISessionStore _inner;

    private FailingSessionStore(ISessionStore inner)
    {
        _inner = inner;
    }

    /// <summary>
    /// Wraps a store. What is returned is an <see cref="ISweepableSessionStore"/>, an <see cref="ISessionChangeFeed"/> or an <see cref="ISessionDirectory"/>
    /// if <paramref name="inner"/> is one.
    /// </summary>
    public static FailingSessionStore Decorate(ISessionStore inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return Wrap(inner);
    }

    /// <summary>Fails the next calls of these operations.</summary>
    /// <param name="operations">Which.</param>
    /// <param name="times">How many calls, at least 1, all operations together; default: all until <see cref="ClearFailures"/>.</param>
    /// <param name="moment">Whether the store behind has done its work by then.</param>
    /// <param name="createException">Makes the driver's exception inside; default: a <see cref="TimeoutException"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1.</exception>
    public void Fail(
        StoreOperations operations = StoreOperations.All,
        int times = int.MaxValue,
        FaultMoment moment = FaultMoment.BeforeTheCall,
        Func<Exception>? createException = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        _plan.Fail(
            operations,
            moment,
            times,
            createException ?? (static () => new TimeoutException("The backend did not answer in time."))
        );
    }

    /// <summary>Fails no more. Calls that are held stay so.</summary>
    public void ClearFailures() => _plan.ClearFailures();

    /// <summary>Holds back the next call of these operations until it is released or its token is cancelled.</summary>
    public HeldCall Hold(StoreOperations operations, FaultMoment moment = FaultMoment.BeforeTheCall) => _plan.Hold(operations, moment);

    /// <summary>How many calls of these operations came, failed ones included.</summary>
    public int CountCalls(StoreOperations operations = StoreOperations.All) => _plan.CountCalls(operations);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Create, () => _inner.CreateAsync(session, limit, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Fetch, () => _inner.FetchAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.FetchAll, () => _inner.FetchAllAsync(userKey, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Update, () => _inner.UpdateAsync(id, patch, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Touch, () => _inner.TouchAsync(touches, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.Delete, () => _inner.DeleteAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        RunAsync(StoreOperations.DeleteAll, () => _inner.DeleteAllAsync(userKey, except, cancellationToken), cancellationToken);

    /// <summary>Prepares the store behind, if that is something it does.</summary>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        RunAsync(
            StoreOperations.Prepare,
            () => _inner is IPreparableSessionStore preparable ? preparable.PrepareAsync(cancellationToken) : ValueTask.CompletedTask,
            cancellationToken
        );

    private async ValueTask<T> RunAsync<T>(StoreOperations operation, Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        _plan.Count(operation);
        await _plan.ApplyAsync(operation, FaultMoment.BeforeTheCall, cancellationToken).ConfigureAwait(false);
        var result = await call().ConfigureAwait(false);
        await _plan.ApplyAsync(operation, FaultMoment.AfterTheCall, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private async ValueTask RunAsync(StoreOperations operation, Func<ValueTask> call, CancellationToken cancellationToken) =>
        await RunAsync(
                operation,
                async ValueTask<bool> () =>
                {
                    await call().ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
}
