using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
[Parallelizable]
public sealed class RedisFaultTests
{
    // So that the driver notices within a second what its defaults notice within a minute.
    private const string Impatient = "connectTimeout=1000,syncTimeout=2000,configCheckSeconds=1";

    private readonly RedisTestStores _stores = new();
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    [Test]
    public async Task A_server_that_refuses_connections_at_first_is_used_once_it_is_there()
    {
        await using var server = await RedisProcess.StartAsync();
        await server.KillAsync();
        using var store = Open($"{server.Endpoint},{Impatient}");
        var session = _samples.Create();

        Assert.That(async () => await store.PrepareAsync(default), Throws.InstanceOf<SessionStoreException>());
        Assert.That(async () => await store.CreateAsync(session, null, default), Throws.InstanceOf<SessionStoreException>());
        await server.RestartAsync();

        await WaitUntilReachableAsync(store);
        await store.PrepareAsync(default);
        await store.CreateAsync(session, null, default);
        Assert.That(await store.FetchSessionAsync(session.Id, default), Is.EqualTo(session));
    }

    [Test]
    public async Task After_a_promotion_what_had_been_replicated_is_there_and_no_more()
    {
        await using var primary = await RedisProcess.StartAsync();
        await using var replica = await RedisProcess.StartAsync([
            "--replicaof",
            "127.0.0.1",
            $"{primary.Port}",
            "--repl-diskless-sync-delay",
            "0",
            "--repl-ping-replica-period",
            "1",
        ]);
        await replica.WaitForOutputAsync("MASTER <-> REPLICA sync: Finished with success");
        using var store = Open($"{primary.Endpoint},{replica.Endpoint},{Impatient}");
        var (replicated, revoked, late) = (_samples.Create(), _samples.Create(), _samples.Create());
        await store.CreateAsync(replicated, null, default);
        await store.CreateAsync(revoked, null, default);
        await store.DeleteAsync(revoked.Id, default);
        await using (var wire = await RedisTestClient.ConnectAsync(primary.Port))
        {
            // WAIT waits for what was written on the same connection, and so for everything before.
            await wire.CallAsync("SET", "mark", "", "PX", "100000");
            Assert.That((await wire.CallAsync("WAIT", "1", "10000")).Text, Is.EqualTo("1"));
        }

        // The replica is sent away and does not know the password that would let it back in: connections that are open need none.
        await primary.CallAsync("CONFIG", "SET", "requirepass", "secret");
        await using (var wire = await RedisTestClient.ConnectAsync(primary.Port))
        {
            await wire.CallAsync("AUTH", "secret");
            await wire.CallAsync("CLIENT", "KILL", "TYPE", "replica");
        }

        await store.CreateAsync(late, null, default);
        await primary.KillAsync();
        await replica.CallAsync("REPLICAOF", "NO", "ONE");

        await WaitUntilReachableAsync(store);
        Assert.That(await store.FetchSessionAsync(replicated.Id, default), Is.EqualTo(replicated));
        Assert.That(await store.FetchSessionAsync(revoked.Id, default), Is.Null);
        Assert.That(await store.FetchSessionAsync(late.Id, default), Is.Null);
        await store.CreateAsync(late, null, default);
        Assert.That(await store.FetchAllAsync("ann", default), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_server_that_became_read_only_revokes_nothing_and_says_so()
    {
        await using var server = await RedisProcess.StartAsync();
        // The driver has looked at the server before and will not look again while the test lasts: it sends on, and the server answers
        // READONLY.
        using var store = Open($"{server.Endpoint},configCheckSeconds=600");
        var session = _samples.Create();
        await store.CreateAsync(session, null, default);
        await server.CallAsync("REPLICAOF", "127.0.0.1", "1");

        (string Name, Func<Task> RunAsync)[] calls =
        [
            ("create", async () => await store.CreateAsync(_samples.Create(), null, default)),
            ("list", async () => await store.FetchAllAsync("ann", default)),
            (
                "touch",
                async () =>
                    await store.TouchAsync(
                        [
                            new()
                            {
                                Id = session.Id,
                                LastSeenAt = session.LastSeenAt.AddSeconds(1),
                                ExpiresAt = session.ExpiresAt,
                            },
                        ],
                        default
                    )
            ),
            ("update", async () => await store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("k", "v") }, default)),
            ("delete", async () => await store.DeleteAsync(session.Id, default)),
            ("delete all", async () => await store.DeleteAllAsync("ann", null, default)),
            ("delete all of nobody", async () => await store.DeleteAllAsync("bob", null, default)),
        ];
        foreach (var (name, runAsync) in calls)
        {
            Assert.That(runAsync, Throws.InstanceOf<SessionStoreException>().With.InnerException.InstanceOf<RedisException>(), name);
        }

        await server.CallAsync("REPLICAOF", "NO", "ONE");
        using var again = Open(server.Endpoint);
        Assert.That((await again.DeleteAllAsync("ann", null, default))!.Select(static one => one.Id), Is.EqualTo([session.Id]));
    }

    [Test]
    public async Task A_server_without_memory_refuses_new_sessions_and_still_revokes()
    {
        await using var server = await RedisProcess.StartAsync();
        using var store = Open(server.Endpoint);
        var session = _samples.Create();
        await store.CreateAsync(session, null, default);
        await server.CallAsync("CONFIG", "SET", "maxmemory", "1");

        Assert.That(
            async () => await store.CreateAsync(_samples.Create(), null, default),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.Message.StartsWith("OOM")
        );
        Assert.That(await store.FetchAllAsync("ann", default), Is.EqualTo([session]));
        await store.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = session.LastSeenAt.AddSeconds(1),
                    ExpiresAt = session.ExpiresAt.AddSeconds(1),
                },
            ],
            default
        );
        Assert.That(await store.DeleteAllAsync("ann", null, default), Has.Count.EqualTo(1));
    }

    private RedisSessionStore Open(string configuration) => _stores.Create(configuration, TimeProvider.System);

    /// <summary>Calls until an answer comes. Each call waits, within the driver, for the connection.</summary>
    private static async Task WaitUntilReachableAsync(RedisSessionStore store)
    {
        var cancellationToken = TestContext.CurrentContext.CancellationToken;
        while (true)
        {
            try
            {
                await store.FetchAllAsync("nobody", cancellationToken);
                return;
            }
            catch (SessionStoreException)
            {
                await Task.Yield();
            }
        }
    }
}
