using Sessions.Stores;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>
/// A node's way to the store. Every write takes a while in simulated time, after what it rests on was read; the store itself answers at
/// once, also where it is another process: the simulation waits for it.
/// </summary>
/// <param name="inner">The store, by the clock of the node.</param>
/// <param name="outage">When the store fails.</param>
/// <param name="journal">What is needed to roll the store back; null: it is not rolled back.</param>
/// <param name="current">The request that calls, which says how long a write takes; null: none does.</param>
/// <param name="expectEnd">Told of a session that was ended behind the requests: its event comes on a thread of its own.</param>
internal sealed class ModelStore(
    ISessionStore inner,
    ModelOutage outage,
    ModelJournal? journal,
    Func<ModelExchange?> current,
    Action<SessionId> expectEnd
) : DelegatingSessionStore(inner)
{
    public override ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            () => journal?.Record(Inner, [session.Id, .. replaces is { } id ? [id] : Array.Empty<SessionId>()]),
            () => Inner.CreateAsync(session, limit, replaces, cancellationToken)
        );

    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        outage.ThrowIfReadFails();
        return new(Await(Inner.FetchAsync(id, cancellationToken)));
    }

    public override ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        WriteAsync(() => journal?.Record(Inner, [id]), () => Inner.UpdateAsync(id, patch, cancellationToken));

    public override ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        outage.ThrowIfWriteFails(isWritten: false);
        Await(Inner.TouchAsync(touches, cancellationToken));
        outage.ThrowIfWriteFails(isWritten: true);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        WriteAsync(
            () => journal?.Record(Inner, [id]),
            () => Inner.DeleteAsync(id, leaves, cancellationToken),
            static deleted => deleted is null ? [] : [deleted]
        );

    public override ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
        string userKey,
        SessionId? except,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            () =>
                journal?.Record(
                    Inner,
                    Await(Inner.FetchAllAsync(userKey, null, CancellationToken.None)).Select(static session => session.Id)
                ),
            () => Inner.DeleteAllAsync(userKey, except, cancellationToken),
            static deleted => deleted ?? []
        );

    public override ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        new(Await(Inner.DeleteExpiredAsync(maxCount, cancellationToken)));

    public override ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        Await(Inner.PrepareAsync(cancellationToken));
        return ValueTask.CompletedTask;
    }

    private async ValueTask<T> WriteAsync<T>(Action record, Func<ValueTask<T>> write, Func<T, IReadOnlyList<Session>>? getEnded = null)
    {
        var exchange = current();
        if (exchange is not null)
        {
            await exchange.WriteAsync();
        }

        outage.ThrowIfWriteFails(isWritten: false);
        record();
        var result = Await(write());
        outage.ThrowIfWriteFails(isWritten: true);
        foreach (var ended in exchange is null && getEnded is not null ? getEnded(result) : [])
        {
            expectEnd(ended.Id);
        }

        return result;
    }

    /// <summary>Waits in real time, so that everything else goes on on this thread.</summary>
    internal static T Await<T>(ValueTask<T> call) => call.IsCompletedSuccessfully ? call.Result : call.AsTask().GetAwaiter().GetResult();

    private static void Await(ValueTask call)
    {
        if (!call.IsCompletedSuccessfully)
        {
            call.AsTask().GetAwaiter().GetResult();
        }
    }
}

/// <summary>When the store of a run fails, on all nodes.</summary>
internal sealed class ModelOutage(EventQueue queue)
{
    private ModelStep.FailStore? _failure;
    private DateTimeOffset _until;

    public bool IsNow => queue.Now < _until;

    public void Begin(ModelStep.FailStore failure) => (_failure, _until) = (failure, queue.Now + failure.Time);

    public void ThrowIfReadFails()
    {
        if (IsNow && _failure!.Reads)
        {
            throw CreateException();
        }
    }

    /// <param name="isWritten">Whether the store has done its work by now.</param>
    public void ThrowIfWriteFails(bool isWritten)
    {
        if (IsNow && _failure!.AfterTheWrite == isWritten)
        {
            throw CreateException();
        }
    }

    private static SessionStoreException CreateException() => new("The store was told to fail.", new TimeoutException("No answer."));
}
