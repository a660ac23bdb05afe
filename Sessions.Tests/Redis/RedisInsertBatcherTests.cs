using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>
/// While the connection is being made, the first caller waits alone and all others are gathered, so that tests decide who comes together.
/// </summary>
[CancelAfter(120_000)]
public sealed partial class RedisInsertBatcherTests
{
    private readonly ManualTimeProvider _clock = new();
    private SampleSessions _samples = null!;
    private TaskCompletionSource<IConnectionMultiplexer> _connecting = null!;
    private RedisSessionStore _store = null!;

    [SetUp]
    public void SetUp()
    {
        _samples = new(_clock, SeededRandom.Create());
        _connecting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _store = new(new(), new RedisConnection(() => _connecting.Task, ownsConnection: false), _clock);
    }

    [TearDown]
    public void TearDown() => _store.Dispose();

    [Test]
    public async Task Sessions_that_begin_while_another_does_are_created_with_one_script()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var connection = await ConnectAsync(proxy.Endpoint);
        proxy.ClearCommands();
        Session[] sessions =
        [
            _samples.Create(),
            _samples.CreateFull() with
            {
                Tags = SessionTags.Empty,
            },
            _samples.CreateFull("bob") with
            {
                Tags = SessionTags.Empty,
            },
            _samples.Create(null),
            _samples.CreateFull("bob") with
            {
                Tags = SessionTags.Empty,
            },
        ];

        var creating = Create(sessions);
        _connecting.SetResult(connection);

        Assert.That(await Task.WhenAll(creating), Is.All.EqualTo(new SessionCreation()));
        Assert.That(proxy.Commands, Is.EqualTo(["EVALSHA", "EVALSHA"]));
        await AssertStoredAsync(sessions);
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EqualTo(sessions[..2].OrderBy(static session => session.Id)));
        Assert.That(
            (await _store.FetchAllAsync("bob", default)).Select(static one => one.Id),
            Is.EquivalentTo([sessions[2].Id, sessions[4].Id])
        );
    }

    [Test]
    public async Task Of_several_with_one_id_one_is_created_and_the_others_throw()
    {
        await using var server = await RedisProcess.StartAsync();
        using var connection = await ConnectAsync(server.Endpoint);
        var taken = _samples.Create();
        using (var other = new RedisSessionStore(new() { Connection = connection }, _clock))
        {
            await other.CreateAsync(taken, null, default);
        }

        var (first, last) = (_samples.Create("bob"), _samples.Create("cyd"));
        var second = _samples.CreateFull("bob") with { Tags = SessionTags.Empty } with { Id = first.Id };

        var creating = Create(_samples.Create(), taken with { IsPersistent = !taken.IsPersistent }, first, second, last);
        _connecting.SetResult(connection);

        await Task.WhenAll(creating[0], creating[2], creating[4]);
        Assert.That(async () => await creating[1], Throws.InstanceOf<DuplicateSessionException>());
        Assert.That(async () => await creating[3], Throws.InstanceOf<DuplicateSessionException>());
        await AssertStoredAsync(taken, first, last);
    }

    [Test]
    public async Task A_key_that_another_program_has_taken_fails_for_its_user_alone()
    {
        await using var server = await RedisProcess.StartAsync();
        using var connection = await ConnectAsync(server.Endpoint);
        Session[] sessions = [_samples.Create(), _samples.Create("bob"), _samples.Create("cyd")];
        await server.CallAsync("SET", $"sessions:{{{sessions[1].Id.Shard}}}:u:bob", "somebody else's");

        var creating = Create(sessions);
        _connecting.SetResult(connection);

        await Task.WhenAll(creating[0], creating[2]);
        Assert.That(async () => await creating[1], Throws.InstanceOf<SessionStoreException>());
        await AssertStoredAsync(sessions[0], sessions[2]);
    }

    [Test]
    public async Task What_is_gone_leaves_the_index_also_where_several_begin_together()
    {
        await using var server = await RedisProcess.StartAsync();
        using var connection = await ConnectAsync(server.Endpoint);
        var (gone, lasting) = (_samples.Create(), _samples.Create());
        using (var other = new RedisSessionStore(new() { Connection = connection }, _clock))
        {
            await other.CreateAsync(gone, null, default);
            await other.CreateAsync(lasting, null, default);
        }

        await server.CallAsync("DEL", $"sessions:{{{gone.Id.Shard}}}:s:{gone.Id}");
        _clock.Advance(gone.ExpiresAt - _clock.GetUtcNow() + TimeSpan.FromMinutes(6));
        Session[] sessions = [_samples.Create("bob"), _samples.Create(), _samples.Create()];

        var creating = Create(sessions);
        _connecting.SetResult(connection);

        await Task.WhenAll(creating);
        var members = (await server.CallAsync("ZRANGE", $"sessions:{{{gone.Id.Shard}}}:u:ann", "0", "-1")).Items!.Select(static item =>
            item.Text
        );
        Assert.That(members, Is.EquivalentTo(((Session[])[lasting, .. sessions[1..]]).Select(static one => one.Id.ToString()[3..])));
    }

    [Test]
    public async Task Who_cancels_before_it_is_sent_has_no_session_and_the_others_have()
    {
        await using var server = await RedisProcess.StartAsync();
        using var connection = await ConnectAsync(server.Endpoint);
        using var cancellation = new CancellationTokenSource();
        var (alone, given, kept) = (_samples.Create(), _samples.Create("bob"), _samples.Create("cyd"));
        var first = Create(alone)[0];
        var cancelled = _store.CreateAsync(given, null, cancellation.Token).AsTask();
        var other = Create(kept)[0];

        await cancellation.CancelAsync();
        _connecting.SetResult(connection);

        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        await Task.WhenAll(first, other);
        await AssertStoredAsync(alone, kept);
        Assert.That(await _store.FetchSessionAsync(given.Id, default), Is.Null);
    }

    [Test]
    public async Task A_failing_script_fails_each_call_of_its_batch_with_an_own_exception_and_is_not_sent_again()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var connection = await ConnectAsync(proxy.Endpoint);
        await server.CallAsync("CONFIG", "SET", "maxmemory", "1");
        proxy.ClearCommands();

        var creating = Create(_samples.Create(), _samples.Create(), _samples.Create("bob"));
        _connecting.SetResult(connection);
        await Task.WhenAll(creating).ContinueWith(static _ => { }, TaskScheduler.Default);

        var failures = creating.Select(static one => one.Exception!.InnerException).Cast<SessionStoreException>().ToList();
        Assert.That(failures, Is.Unique);
        Assert.That(failures.Select(static failure => failure.InnerException!.Message), Is.All.StartsWith("OOM"));
        Assert.That(proxy.Commands, Is.EqualTo(["EVALSHA", "EVALSHA"]));
    }

    [TestCase("")]
    [TestCase(",$CLUSTER=,$INFO=", Description = "The driver takes it for a single server.")]
    public async Task On_a_cluster_each_call_creates_its_own_session(string options)
    {
        await using var cluster = await RedisCluster.StartAsync();
        using var knowing = await ConnectionMultiplexer.ConnectAsync(cluster.Configuration);
        using var connection = await ConnectAsync($"{cluster.Nodes[2].Endpoint}{options}", cluster.Configuration);
        var sessions = Enumerable
            .Range(0, 100)
            .Select(i => _samples.CreateFull($"user {i}") with { Tags = SessionTags.Empty })
            .Where(session => cluster.NodeOf(knowing.HashSlot($"{{{session.Id.Shard}}}")) == cluster.Nodes[2])
            .ToArray();

        var creating = Create(sessions);
        _connecting.SetResult(connection);

        await Task.WhenAll(creating);
        Assert.That(sessions, Has.Length.GreaterThan(3));
        await AssertStoredAsync(sessions);
    }

    /// <summary>A connection to servers that know the script.</summary>
    private async Task<ConnectionMultiplexer> ConnectAsync(string configuration, string? servers = null)
    {
        using var other = new RedisTestStores().Create(servers ?? configuration, _clock);
        for (var i = 0; i < (servers is null ? 1 : 20); i++)
        {
            await other.CreateAsync(_samples.Create($"other {i}"), null, default);
        }

        return await ConnectionMultiplexer.ConnectAsync(configuration);
    }

    private Task<SessionCreation>[] Create(params Session[] sessions) => CreateWithin(null, sessions);

    private Task<SessionCreation>[] CreateWithin(SessionLimit? limit, params Session[] sessions) =>
        [.. sessions.Select(session => _store.CreateAsync(session, limit, null, default).AsTask())];

    private async Task AssertStoredAsync(params Session[] sessions)
    {
        foreach (var session in sessions)
        {
            Assert.That(await _store.FetchSessionAsync(session.Id, default), Is.EqualTo(session));
        }
    }
}
