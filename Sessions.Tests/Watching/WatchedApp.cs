using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Watching;

/// <summary>A manager over a store that is shared with other nodes: what is done to <see cref="Elsewhere"/> this one does not see by itself.</summary>
internal sealed class WatchedApp : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(30);

    private readonly PlainStore _store;

    public WatchedApp(bool fed = false, SessionUpOptions? options = null)
    {
        Elsewhere = new MemorySessionStore(time: Clock);
        Store = FailingSessionStore.Around(new PlainStore(Elsewhere));
        _store = fed ? new HandFedStore(Store, Clock) : new PlainStore(Store);
        Manager = new SessionManager(_store, options ?? new SessionUpOptions(), Clock);
    }

    public ManualTimeProvider Clock { get; } = new();

    public MemorySessionStore Elsewhere { get; }

    public FailingSessionStore Store { get; }

    public SessionManager Manager { get; }

    public HandFedStore Fed => (HandFedStore)_store;

    /// <summary>How often this node asked the store for a session.</summary>
    public int Looks => Store.Calls(StoreOperations.Fetch);

    public async Task<Session> SignInAsync(string userKey = "ann") => (await Manager.InitAsync(userKey)).Session;

    /// <summary>Completes when the token fires.</summary>
    public static async Task FiresAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource();
        await using var registration = token.Register(fired.SetResult);
        await fired.Task.WaitAsync(Patience, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Manager.DisposeAsync();
        if (_store is HandFedStore fed)
        {
            await fed.DisposeAsync();
        }
    }
}
