using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisConnectionTests
{
    private static readonly SessionId UnknownId = new SampleSessions(TimeProvider.System, SeededRandom.Create()).NewId(null);

    [Test]
    public async Task A_connection_is_made_when_it_is_first_needed_and_once_for_all()
    {
        var server = await TestServers.RedisAsync();
        var made = 0;
        using var store = Open(
            async () =>
            {
                Interlocked.Increment(ref made);
                return await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
            },
            owned: true
        );
        Assert.That(made, Is.Zero);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.FetchSessionAsync(UnknownId, default).AsTask()));

        Assert.That(made, Is.EqualTo(1));
    }

    [Test]
    public async Task A_connection_that_could_not_be_made_is_tried_again_by_the_next_call()
    {
        var server = await TestServers.RedisAsync();
        var attempts = 0;
        using var store = Open(
            async () =>
                ++attempts < 3
                    ? throw new InvalidOperationException($"attempt {attempts}")
                    : await ConnectionMultiplexer.ConnectAsync(server.ConnectionString),
            owned: true
        );

        for (var attempt = 1; attempt < 3; attempt++)
        {
            Assert.That(
                async () => await store.FetchSessionAsync(UnknownId, default),
                Throws.InstanceOf<SessionStoreException>().With.InnerException.Message.EqualTo($"attempt {attempt}")
            );
        }

        Assert.That(await store.FetchSessionAsync(UnknownId, default), Is.Null);
    }

    [Test]
    public void A_wrong_configuration_fails_every_call_in_a_batch_or_alone_with_an_exception_of_its_own()
    {
        var connecting = new TaskCompletionSource<IConnectionMultiplexer>();
        using var store = Open(() => connecting.Task, owned: true);
        Task[] calls =
        [
            .. Enumerable.Range(0, 5).Select(_ => store.FetchSessionAsync(UnknownId, default).AsTask()),
            store.FetchAllAsync("ann", default).AsTask(),
        ];

        connecting.SetException(new SessionConfigurationException("Name a server."));

        foreach (var call in calls)
        {
            Assert.That(
                async () => await call,
                Throws
                    .InstanceOf<SessionStoreException>()
                    .With.Message.EqualTo("Redis cannot be used: Name a server.")
                    .And.InnerException.InstanceOf<SessionConfigurationException>()
            );
        }

        Assert.That(
            calls[1..5].Select(static gathered => gathered.Exception!.InnerException),
            Is.Unique,
            "threads that throw the same one change it"
        );
    }

    [Test]
    public async Task Waiting_for_a_connection_ends_with_the_call_and_blocks_no_thread()
    {
        var connecting = new TaskCompletionSource<IConnectionMultiplexer>();
        using var store = Open(() => connecting.Task, owned: true);
        using var cancellation = new CancellationTokenSource();

        var fetching = store.FetchSessionAsync(UnknownId, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        Assert.That(async () => await fetching, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_connection_of_its_own_is_closed_with_the_store()
    {
        var server = await TestServers.RedisAsync();
        var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var store = Open(() => Task.FromResult<IConnectionMultiplexer>(connection), owned: true);
        await store.FetchSessionAsync(UnknownId, default);

        store.Dispose();

        Assert.That(connection.IsConnected, Is.False);
        Assert.That(async () => await store.FetchSessionAsync(UnknownId, default), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_connection_of_its_own_is_closed_also_when_it_comes_about_after_the_store()
    {
        var server = await TestServers.RedisAsync();
        var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var connecting = new TaskCompletionSource<IConnectionMultiplexer>();
        var begun = new TaskCompletionSource();
        var store = Open(
            () =>
            {
                begun.SetResult();
                return connecting.Task;
            },
            owned: true
        );
        var fetching = store.FetchSessionAsync(UnknownId, default).AsTask();
        await begun.Task;

        store.Dispose();
        connecting.SetResult(connection);

        Assert.That(async () => await fetching, Throws.InstanceOf<SessionStoreException>());
        Assert.That(connection.IsConnected, Is.False);
    }

    [Test]
    public async Task Reads_on_their_way_end_with_the_store()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        var store = new RedisTestStores().Create($"{proxy.Endpoint},syncTimeout=1000", TimeProvider.System);
        await store.FetchSessionAsync(UnknownId, default);
        proxy.HoldResponses();
        var fetching = Enumerable.Range(0, 5).Select(_ => store.FetchSessionAsync(UnknownId, default).AsTask()).ToList();

        store.Dispose();

        foreach (var one in fetching)
        {
            Assert.That(async () => await one, Throws.InstanceOf<SessionStoreException>());
        }
    }

    [Test]
    public async Task A_connection_of_the_application_stays_open()
    {
        var server = await TestServers.RedisAsync();
        using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var store = new RedisSessionStore(new() { Connection = connection });
        await store.FetchSessionAsync(UnknownId, default);

        store.Dispose();

        Assert.That(connection.IsConnected, Is.True);
    }

    private static RedisSessionStore Open(Func<Task<IConnectionMultiplexer>> connect, bool owned) =>
        new(new() { KeyPrefix = RedisTestPrefix.Next() }, new RedisConnection(connect, owned));
}
