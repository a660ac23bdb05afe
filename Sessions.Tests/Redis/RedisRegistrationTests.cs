using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisRegistrationTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private RedisProcess _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await RedisProcess.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => _server.DisposeAsync();

    [TearDown]
    public async Task FlushAsync() => await _server.CallAsync("FLUSHALL");

    [Test]
    public async Task Each_name_has_a_prefix_that_carries_it()
    {
        var services = new ServiceCollection();
        services.AddSessionUp().UseRedis(_server.Endpoint);
        services.AddSessionUp("admin").UseRedis(_server.Endpoint);
        services.AddSessionUp("shop").UseRedis(options => (options.Configuration, options.KeyPrefix) = (_server.Endpoint, "my shop/"));
        await using var provider = services.BuildServiceProvider();

        foreach (var name in (string[])["", "admin", "shop"])
        {
            await provider.GetRequiredKeyedService<ISessionStore>(name).CreateAsync(_samples.Create(userKey: null), null, default);
        }

        var keys = (await _server.CallAsync("KEYS", "*")).Items!.Select(static key => key.Text!.Split('{')[0]);
        Assert.That(keys, Is.EquivalentTo(["sessions:", "sessions:admin:", "my shop/"]));
    }

    [Test]
    public async Task With_a_shard_key_the_sessions_of_a_user_are_found_and_ended()
    {
        var services = new ServiceCollection();
        services
            .AddSessionUp(options => options.ShardKey = [.. Enumerable.Range(1, 16).Select(static i => (byte)i)])
            .UseRedis(_server.Endpoint);
        await using var provider = services.BuildServiceProvider();
        var manager = provider.GetRequiredService<SessionManager>();
        var session = (await manager.InitAsync("ann")).Session;

        Assert.That(session.Id.Shard, Is.Not.EqualTo(SessionId.ComputeShard("ann")), "The key decides the shard.");
        Assert.That(
            (await new SessionAdministration(manager).FetchAllAsync("ann")).Select(static found => found.Id),
            Is.EqualTo([session.Id])
        );
        Assert.That(await new SessionAdministration(manager).RevokeAllAsync("ann"), Is.EqualTo(1));
    }

    [Test]
    public async Task The_application_lends_its_connection()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(_server.Endpoint);
        using var other = await ConnectionMultiplexer.ConnectAsync($"{_server.Endpoint},defaultDatabase=3");
        var services = new ServiceCollection();
        services.AddSingleton<IConnectionMultiplexer>(connection).AddKeyedSingleton<IConnectionMultiplexer>("other", other);
        services.AddSessionUp("a").UseRedis();
        services.AddSessionUp("b").UseRedis(_ => connection, static options => options.KeyPrefix = "b:");
        services.AddSessionUp("c").UseKeyedRedis("other");
        services.AddSessionUp("d").UseRedis("nowhere").UseRedis();
        await using (var provider = services.BuildServiceProvider())
        {
            foreach (var name in (string[])["a", "b", "c", "d"])
            {
                await provider.GetRequiredKeyedService<ISessionStore>(name).CreateAsync(_samples.Create(userKey: null), null, default);
            }
        }

        Assert.That(connection.IsConnected && other.IsConnected);
        Assert.That((await _server.CallAsync("DBSIZE")).Text, Is.EqualTo("3"));
        Assert.That(await other.GetDatabase().ExecuteAsync("DBSIZE").ContinueWith(static size => (int)size.Result), Is.EqualTo(1));
    }

    [Test]
    public void The_start_of_the_application_does_not_wait_for_the_connection()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConnectionMultiplexer>(static _ => throw new InvalidOperationException("It was asked for."));
        services.AddSessionUp().UseRedis();
        using var provider = services.BuildServiceProvider();

        var store = provider.GetRequiredService<ISessionStore>();

        Assert.That(
            async () => await store.FetchSessionAsync(_samples.NewId(null), default),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.Message.EqualTo("It was asked for.")
        );
    }

    [Test]
    public async Task Options_may_come_from_elsewhere_too()
    {
        var services = new ServiceCollection();
        services.Configure<RedisSessionOptions>(options => options.Configuration = _server.Endpoint);
        services.AddSessionUp().UseRedis();
        await using var provider = services.BuildServiceProvider();

        Assert.That(await provider.GetRequiredService<ISessionStore>().FetchSessionAsync(_samples.NewId(null), default), Is.Null);
    }

    [TestCase("", null, "'localhost:6379'")]
    [TestCase("password=x", null, "'localhost:6379'")]
    [TestCase("localhost,connectTimeout=soon", null, "'localhost:6379'")]
    [TestCase("localhost", "a{b", "brace")]
    public void What_cannot_work_is_refused_when_the_store_is_made(string configuration, string? prefix, string advice)
    {
        var services = new ServiceCollection();
        services.AddSessionUp("x").UseRedis(options => (options.Configuration, options.KeyPrefix) = (configuration, prefix));
        using var provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredKeyedService<ISessionStore>("x"),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains(advice)
        );
    }
}
