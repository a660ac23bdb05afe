using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.Stores;

/// <summary>How the host starts and stops while stores do not answer.</summary>
[CancelAfter(60_000)]
public sealed class UnreachableStoreTests
{
    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Stores_that_do_not_answer_hold_up_the_start_for_two_seconds_all_together()
    {
        var clock = new TimerClock();
        var stores = new[] { new SlowStore(), new SlowStore() };
        using var host = Build(clock, stores);

        var starting = host.StartAsync(Token);
        await Task.WhenAll(stores.Select(store => store.Arrived)).WaitAsync(Token);
        Assert.That(starting.IsCompleted, Is.False);
        clock.Advance(SessionStoreStartup.ReachPatience);
        await starting.WaitAsync(Token);

        Assert.That(async () => await FetchAsync(host, "0"), Throws.InstanceOf<SessionStoreException>());
        stores[0].Answer();
        while (GetComponents(host, "0").Availability.IsDown)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.That(await FetchAsync(host, "0"), Is.EqualTo(default(SessionLookup)));
        Assert.That(GetComponents(host, "1").Availability.IsDown);
        stores[1].Answer();
    }

    [Test]
    public async Task A_store_that_is_prepared_for_longer_holds_up_the_start_until_it_is_done()
    {
        var clock = new TimerClock();
        var store = new SlowStore { IsReached = true };
        using var host = Build(clock, store);

        var starting = host.StartAsync(Token);
        await store.Arrived.WaitAsync(Token);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(starting.IsCompleted, Is.False);

        store.Answer();
        await starting.WaitAsync(Token);
        Assert.That(await FetchAsync(host, "0"), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task A_host_that_has_no_more_time_does_not_wait_for_last_uses_to_be_written()
    {
        var clock = new TimerClock();
        var log = new RecordingLoggerProvider();
        var store = new FailingSessionStore(new MemorySessionStore(time: clock));
        using var host = Build(clock, [store], log);
        await host.StartAsync(Token);
        var manager = GetManager(host, "0");
        var ann = await manager.InitAsync("ann", cancellationToken: Token);
        clock.Advance(TimeSpan.FromMinutes(2));
        using var held = store.Hold(StoreOperations.Touch);
        var accepted = await manager.AuthAsync(ann.Token, null, Token);
        await manager.Authenticator.RecordUseAsync(accepted, client: null, slide: true, Token);

        using var noMoreTime = new CancellationTokenSource();
        var stopping = host.StopAsync(noMoreTime.Token);
        await held.Arrived.WaitAsync(Token);
        Assert.That(stopping.IsCompleted, Is.False);
        await noMoreTime.CancelAsync();
        await stopping.WaitAsync(Token);
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(Token);

        Assert.That(log.Entries.Select(entry => entry.Event), Has.Member("SessionFlushAbandoned"));
    }

    private static IHost Build(TimerClock clock, params SlowStore[] stores) => Build(clock, stores, new RecordingLoggerProvider());

    private static IHost Build(TimerClock clock, IReadOnlyList<ISessionStore> stores, RecordingLoggerProvider log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock);
        for (var name = 0; name < stores.Count; name++)
        {
            var store = stores[name];
            builder.Services.AddSessionUp($"{name}").UseStore(_ => store);
        }

        return builder.Build();
    }

    private static SessionManager GetManager(IHost host, string name) => host.Services.GetRequiredKeyedService<SessionManager>(name);

    private static SessionComponents GetComponents(IHost host, string name) => GetManager(host, name).Components;

    private static async Task<SessionLookup> FetchAsync(IHost host, string name) =>
        await GetComponents(host, name).Store.FetchAsync(SessionId.Create(userKey: null), Token);

    /// <summary>Takes long to prepare: until a test says so, its backend does not answer, or prepares.</summary>
    private sealed class SlowStore() : DelegatingSessionStore(new MemorySessionStore())
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsReached { get; init; }

        public Task Arrived => _arrived.Task;

        public void Answer() => _answered.TrySetResult();

        public override async ValueTask PrepareAsync(CancellationToken cancellationToken)
        {
            _arrived.TrySetResult();
            await _answered.Task.WaitAsync(IsReached ? CancellationToken.None : cancellationToken);
        }
    }
}
