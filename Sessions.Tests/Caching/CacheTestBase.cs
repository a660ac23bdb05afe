using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>A node with a cache, on a manual clock, and the data behind it as other nodes see it.</summary>
[CancelAfter(60_000)]
public abstract class CacheTestBase
{
    private readonly List<CachedNode> _nodes = [];

    protected static TimeSpan Millisecond { get; } = TimeSpan.FromMilliseconds(1);

    protected static TimeSpan MaxStaleness { get; } = TimeSpan.FromSeconds(30);

    protected ManualTimeProvider Clock { get; private set; } = null!;

    /// <summary>The data of all nodes. What is done here directly, another node has done, and told nobody.</summary>
    protected MemorySessionStore Data { get; private set; } = null!;

    /// <summary>Another node, without a cache.</summary>
    private protected SessionManager RemoteManager { get; private set; } = null!;

    private protected SessionAdministration RemoteAdministration => new(RemoteManager);

    /// <summary>The node under test.</summary>
    private protected CachedNode Node => _nodes[0];

    private protected virtual bool HasFeed => true;

    [SetUp]
    public async Task SetUpNodesAsync()
    {
        Clock = new ManualTimeProvider();
        Data = new MemorySessionStore(time: Clock);
        var options = new SessionUpOptions();
        Configure(options);
        RemoteManager = new SessionManager(Data, options, Clock);
        await AddNodeAsync(HasFeed);
    }

    [TearDown]
    public async Task TearDownNodesAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _nodes.Clear();
        await RemoteManager.DisposeAsync();
    }

    protected virtual void Configure(SessionUpOptions options) { }

    private protected async Task<CachedNode> AddNodeAsync(
        bool hasFeed = true,
        bool hasTimers = true,
        Action<SessionUpOptions>? configure = null
    )
    {
        var node = new CachedNode(Data, Clock, hasFeed, hasTimers, configure ?? Configure);
        _nodes.Add(node);
        return await node.ConnectAsync(Token);
    }

    /// <summary>Begins a session on another node.</summary>
    protected async Task<IssuedSession> SignInAsync(string userKey = "ann", SessionInit? init = null) =>
        await RemoteManager.InitAsync(userKey, init, Token);

    /// <summary>Begins a session on another node, which the node under test then remembers.</summary>
    protected async Task<IssuedSession> SignInCachedAsync(string userKey = "ann", SessionInit? init = null)
    {
        var issued = await SignInAsync(userKey, init);
        await AssertAcceptedAsync(issued.Token);
        return issued;
    }

    /// <summary>Ends a session on another node, and nobody tells.</summary>
    protected async Task DeleteUnpublishedAsync(SessionId id) => Assert.That(await Data.DeleteAsync(id, Token), Is.Not.Null);

    protected async Task DeleteAndPublishAsync(SessionId id)
    {
        await DeleteUnpublishedAsync(id);
        Node.Feed.Publish(id, SessionChangeKind.Ended);
    }

    protected Task<SessionRejection> AuthAsync(SessionToken token) => Node.RejectionAsync(token, Token);

    protected async Task AssertAcceptedAsync(SessionToken token) => Assert.That(await AuthAsync(token), Is.EqualTo(SessionRejection.None));

    protected async Task AssertUnknownAsync(SessionToken token) =>
        Assert.That(await AuthAsync(token), Is.EqualTo(SessionRejection.Unknown));

    /// <summary>How often the store was asked meanwhile.</summary>
    protected async Task<int> CountFetchesAsync(Func<Task> meanwhile)
    {
        ArgumentNullException.ThrowIfNull(meanwhile);
        var before = Node.FetchCount;
        await meanwhile();
        return Node.FetchCount - before;
    }

    /// <summary>Holds back the next answer of the store: it has read, and the answer is on its way.</summary>
    protected HeldCall HoldFetch() => Node.Store.Hold(StoreOperations.Fetch, FaultMoment.AfterTheCall);
}
