using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>Passes on what every store has to have, and says of the rest that there is none, whatever the one behind it has.</summary>
internal class PlainStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    public override ISessionChangeFeed? ChangeFeed => null;

    public override ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        new((IReadOnlyList<Session>?)null);

    public override ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        new((SessionPage?)null);
}
