using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
public sealed class RedisCancellationTests
{
    // So that the driver notices within a second what its defaults notice within a minute.
    private const string Impatient = "connectTimeout=1000,syncTimeout=2000,configCheckSeconds=1";

    private readonly RedisTestStores _stores = new();
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    [Test]
    public async Task A_call_cancelled_before_sends_nothing()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var store = Open(proxy.Endpoint);
        var session = _samples.Create();
        await store.CreateAsync(session, null, default);
        proxy.ClearCommands();
        var cancelled = new CancellationToken(canceled: true);

        Func<Task>[] calls =
        [
            async () => await store.CreateAsync(_samples.Create(), null, cancelled),
            async () => await store.FetchSessionAsync(session.Id, cancelled),
            async () => await store.FetchAllAsync("ann", cancelled),
            async () =>
                await store.TouchAsync(
                    [
                        new()
                        {
                            Id = session.Id,
                            LastSeenAt = session.LastSeenAt,
                            ExpiresAt = session.ExpiresAt,
                        },
                    ],
                    cancelled
                ),
            async () => await store.UpdateAsync(session.Id, new(), cancelled),
            async () => await store.DeleteAsync(session.Id, cancelled),
            async () => await store.DeleteAllAsync("ann", null, cancelled),
        ];
        foreach (var call in calls)
        {
            Assert.That(call, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await store.FetchSessionAsync(session.Id, default), Is.Not.Null);
        Assert.That(proxy.Commands, Is.EqualTo(["GET"]));
    }

    [Test]
    public async Task A_call_cancelled_on_its_way_is_not_waited_for()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var store = Open(proxy.Endpoint);
        var (first, second) = (_samples.Create(), _samples.Create());
        await store.CreateAsync(first, null, default);
        using var cancellation = new CancellationTokenSource();
        var passed = new TaskCompletionSource();
        proxy.ForwardedCount += command =>
        {
            if (command == "EVALSHA")
            {
                passed.TrySetResult();
            }
        };
        proxy.HoldResponses();

        var creating = store.CreateAsync(second, null, cancellation.Token).AsTask();
        await passed.Task;
        await cancellation.CancelAsync();

        Assert.That(async () => await creating, Throws.InstanceOf<OperationCanceledException>());
        proxy.ReleaseResponses();
        // What became of it is unknown to the caller; here it was carried out.
        Assert.That(await store.FetchSessionAsync(second.Id, default), Is.EqualTo(second));
    }

    [Test]
    public async Task A_timeout_after_the_write_was_applied_is_a_failure_of_the_store_and_not_a_refusal()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var store = Open($"{proxy.Endpoint},syncTimeout=500,asyncTimeout=500");
        var session = _samples.Create();
        await store.CreateAsync(_samples.Create(), null, default);
        proxy.HoldResponses();

        Assert.That(
            async () => await store.CreateAsync(session, null, default),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.InstanceOf<TimeoutException>()
        );
        proxy.ReleaseResponses();

        Assert.That(await store.FetchSessionAsync(session.Id, default), Is.EqualTo(session));
        Assert.That(async () => await store.CreateAsync(session, null, default), Throws.InstanceOf<DuplicateSessionException>());
    }

    private RedisSessionStore Open(string configuration) => _stores.Create(configuration, TimeProvider.System);
}
