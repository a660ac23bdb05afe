using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>Users with more sessions than one script ends or lists: what happens between two of its steps.</summary>
[CancelAfter(60_000)]
public sealed partial class RedisManySessionsTests
{
    private const int Step = RedisStatements.ChunkSize;
    private const int Left = 500;

    private readonly ManualTimeProvider _clock = new();
    private readonly List<RedisProxy> _proxies = [];
    private readonly List<RedisSessionStore> _opened = [];
    private SeededRandom _random = null!;
    private SampleSessions _samples = null!;
    private RedisTestStores _stores = null!;
    private RedisProcess _server = null!;
    private RedisSessionStore _store = null!;

    [SetUp]
    public async Task SetUp()
    {
        _random = SeededRandom.Create();
        _samples = new(_clock, _random);
        _stores = new();
        _server = await RedisProcess.StartAsync();
        _store = _stores.Create(_server.Endpoint, _clock);
        // So that the server knows the scripts: one that it does not know is sent twice.
        using var connection = await ConnectionMultiplexer.ConnectAsync(_server.Endpoint);
        await RedisStatements.DeleteEnding.RunAsync(connection.GetDatabase(), ["none", "none"], ["", "", "", "", 1]);
        await _store.DeleteAllAsync("none", null, default);
        await _store.FetchAllAsync("none", default);
    }

    [TearDown]
    public async Task TearDown()
    {
        _store.Dispose();
        foreach (var store in _opened)
        {
            store.Dispose();
        }

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Test]
    public async Task Up_to_a_thousand_sessions_are_listed_and_ended_by_one_script_each()
    {
        var sessions = await CreateAsync(Step);
        var (proxy, store) = await OpenProxyAsync();

        Assert.That(await store.FetchAllAsync("ann", default), Is.EquivalentTo(sessions));
        Assert.That(await store.DeleteAllAsync("ann", sessions[0].Id, default), Has.Count.EqualTo(Step - 1));

        Assert.That(CountScripts(proxy), Is.EqualTo(2));
        Assert.That(await store.FetchAllAsync("ann", default), Is.EqualTo([sessions[0]]));
    }

    [TestCase(Step + 1, 1 + 2)]
    [TestCase((2 * Step) + 500, 1 + 3)]
    public async Task More_are_ended_by_a_script_for_each_thousand_and_one_before_them(int count, int scripts)
    {
        var sessions = await CreateAsync(count);
        var (proxy, store) = await OpenProxyAsync();

        var ended = await store.DeleteAllAsync("ann", null, default);

        Assert.That(ended, Is.EqualTo(sessions.Order(SessionOrder.OldestFirst)));
        Assert.That(CountScripts(proxy), Is.EqualTo(scripts));
        Assert.That((await _server.CallAsync("KEYS", "*:s:*")).Items, Is.Empty);
        Assert.That((await _server.CallAsync("KEYS", "*:u:*")).Items, Is.Empty);
    }

    private static SessionId IdOf(Session session) => session.Id;

    private static int CountScripts(RedisProxy proxy) => proxy.Commands.Count(static command => command == "EVALSHA");

    private static int CountArguments(IEnumerable<RedisLoggedCommand> script, string name) =>
        script.Where(command => command.Name == name).Sum(static command => command.ArgumentCount);

    private static SessionTouch CreateTouch(Session session) =>
        new()
        {
            Id = session.Id,
            LastSeenAt = session.LastSeenAt.AddSeconds(1),
            ExpiresAt = session.ExpiresAt.AddSeconds(1),
        };

    /// <summary>Begins a call, whose first script runs and gets no answer yet.</summary>
    private static async Task<Task<T>> HoldAfterFirstScriptAsync<T>(RedisProxy proxy, Func<Task<T>> call)
    {
        proxy.ClearCommands();
        proxy.HoldResponses();
        var calling = call();
        await proxy.WaitForForwardedAsync(1);
        return calling;
    }

    /// <summary>Hangs up when so many scripts were passed on, before the answer to the last is there.</summary>
    private static void BreakAfter(RedisProxy proxy, int scripts)
    {
        proxy.ClearCommands();
        proxy.ForwardedCount += name =>
        {
            if (name == "EVALSHA" && CountScripts(proxy) == scripts)
            {
                proxy.HoldResponses();
                throw new IOException("The connection breaks here.");
            }
        };
    }

    private async Task<List<Session>> CreateAsync(int count, TimeSpan? lifetime = null)
    {
        var sessions = Enumerable.Range(0, count).Select(_ => _samples.Create(lifetime: lifetime)).ToList();
        await Task.WhenAll(sessions.Select(session => _store.CreateAsync(session, null, default).AsTask()));
        return sessions;
    }

    /// <summary>Sessions of which a deletion that failed left five hundred: those.</summary>
    private async Task<List<Session>> FailToDeleteAsync(TimeSpan? lifetime = null)
    {
        await CreateAsync((2 * Step) + Left, lifetime);
        var (proxy, store) = await OpenProxyAsync();
        BreakAfter(proxy, scripts: 3);
        Assert.That(
            async () => await store.DeleteAllAsync("ann", null, default),
            Throws.TypeOf<IncompleteDeletionException>().With.Property("Deleted").Count.EqualTo(Step)
        );
        // Two steps were done, and the answer to one was lost.
        var left = await _store.FetchAllAsync("ann", default);
        Assert.That(left, Has.Count.EqualTo(Left));
        return [.. left];
    }

    private async Task<Session> CreateOneAsync(SessionTags? tags = null)
    {
        var session = _samples.Create() with { Tags = tags ?? SessionTags.Empty };
        await _store.CreateAsync(session, null, default);
        return session;
    }

    /// <summary>All sessions of the server, each once.</summary>
    private async Task<List<Session>> WalkAsync()
    {
        var found = new Dictionary<SessionId, Session>();
        string? continuation = null;
        do
        {
            var page = await _store.FetchPageAsync(continuation, Step, default);
            foreach (var session in page!.Sessions)
            {
                found[session.Id] = session;
            }

            continuation = page.Continuation;
        } while (continuation is not null);

        return [.. found.Values];
    }

    private async Task<string> FindKeyAsync(string pattern) => (await _server.CallAsync("KEYS", pattern))[0].Text!;

    /// <summary>A store on a proxy, and connected.</summary>
    private async Task<(RedisProxy Proxy, RedisSessionStore Store)> OpenProxyAsync()
    {
        var proxy = RedisProxy.Start(_server.Port);
        _proxies.Add(proxy);
        var store = _stores.Create(proxy.Endpoint, _clock);
        _opened.Add(store);
        await store.FetchAllAsync("none", default);
        proxy.ClearCommands();
        return (proxy, store);
    }
}
