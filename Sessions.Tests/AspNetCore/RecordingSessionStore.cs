using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sessions.Stores;

namespace Sessions.Tests.AspNetCore;

/// <summary>Writes down what a store was asked for, and fails when told to.</summary>
internal sealed class RecordingSessionStore(ISessionStore inner) : ISessionStore
{
    private readonly ConcurrentQueue<string> _calls = [];

    /// <summary>The calls since the last <see cref="Forget"/>, in order.</summary>
    public string Calls => string.Join(' ', _calls);

    /// <summary>The token of the last call.</summary>
    public CancellationToken LastToken { get; private set; }

    public bool Fails { get; set; }

    /// <summary>Awaited by deletions, so that a test can act in the middle of one.</summary>
    public Func<Task> BeforeDelete { get; set; } = static () => Task.CompletedTask;

    public void Forget() => _calls.Clear();

    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken) =>
        Asked(cancellationToken).CreateAsync(session, limit, cancellationToken);

    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        Asked(cancellationToken).FetchAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken) =>
        Asked(cancellationToken).FetchAllAsync(userKey, cancellationToken);

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        Asked(cancellationToken).UpdateAsync(id, patch, cancellationToken);

    public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        Asked(cancellationToken).TouchAsync(touches, cancellationToken);

    public async ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken)
    {
        await BeforeDelete();
        return await Asked(cancellationToken).DeleteAsync(id, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        Asked(cancellationToken).DeleteAllAsync(userKey, except, cancellationToken);

    private ISessionStore Asked(CancellationToken cancellationToken, [CallerMemberName] string call = "")
    {
        LastToken = cancellationToken;
        _calls.Enqueue(call.Replace("Async", "", StringComparison.Ordinal));
        return Fails ? throw new SessionStoreException("The backend is down: host db-7, user app.") : inner;
    }
}
