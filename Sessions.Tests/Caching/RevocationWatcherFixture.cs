using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Caching;

/// <summary>
/// A manager over a store that is shared with other nodes: what is done to <see cref="SharedStore"/> this one does not see by itself.
/// </summary>
internal sealed class RevocationWatcherFixture : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(30);

    public RevocationWatcherFixture(bool fed = false, SessionUpOptions? options = null)
    {
        SharedStore = new MemorySessionStore(time: Clock);
        Store = new FailingSessionStore(new PlainStore(SharedStore));
        Feed = new ManualFeedStore(Store, ManualFeedStore.CreateClock(Clock));
        Manager = new SessionManager(fed ? Feed : (ISessionStore)Store, options ?? new SessionUpOptions(), Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public MemorySessionStore SharedStore { get; }

    public FailingSessionStore Store { get; }

    public SessionManager Manager { get; }

    public SessionAdministration Administration => new(Manager);

    public ManualFeedStore Feed { get; }

    /// <summary>How often this node asked the store for a session.</summary>
    public int FetchCount => Store.CountCalls(StoreOperations.Fetch);

    public async Task<Session> SignInAsync(string userKey = "ann") => (await Manager.InitAsync(userKey)).Session;

    /// <summary>Completes when the token fires.</summary>
    public static async Task WaitForCancellationAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource();
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.WaitAsync(Timeout, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        await Feed.DisposeAsync();
    }
}
