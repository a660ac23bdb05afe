using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Stores;

[CancelAfter(60_000)]
public sealed class SweeperTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private TimerClock _clock = null!;
    private ServiceProvider? _services;

    [SetUp]
    public void CreateClock() => _clock = new TimerClock();

    [TearDown]
    public async Task StopAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    [Test]
    public async Task A_sweep_goes_on_as_long_as_whole_batches_are_deleted()
    {
        var store = new ScriptedSweepStore(_clock, Deleted(10), Deleted(10), Deleted(9));
        await StartAsync(store);

        await AdvanceToSweepAsync();

        Assert.That(await WaitForCallsAsync(store, 3), Is.EqualTo([10, 10, 10]));
        await AdvanceToSweepAsync();
        Assert.That(await WaitForCallsAsync(store, 1), Is.EqualTo([10]), "The next sweep begins anew.");
    }

    [Test]
    public async Task A_session_that_expired_raises_an_event_when_it_is_swept()
    {
        var ended = Channel.CreateUnbounded<SessionEndedContext>();
        var store = new MemorySessionStore(time: _clock);
        var samples = new SampleSessions(_clock, SeededRandom.Create());
        var session = samples.Create() with { ExpiresAt = _clock.GetUtcNow() };
        await store.CreateAsync(session, null, Token);
        await store.CreateAsync(samples.Create(), null, Token);
        await StartAsync(store, new() { OnEnded = e => ended.Writer.WriteAsync(e) });

        await AdvanceToSweepAsync();

        Assert.That(
            await ended.Reader.ReadAsync(Token),
            Is.EqualTo(
                new SessionEndedContext
                {
                    Name = "",
                    Session = session,
                    Reason = SessionEndReason.Expired,
                }
            )
        );
        await AdvanceAfterTimerAsync(TimeSpan.Zero);
        Assert.That(ended.Reader.TryRead(out _), Is.False, "The other session is alive.");
    }

    [Test]
    public async Task Nothing_is_swept_before_the_interval_is_nearly_over()
    {
        var store = new ScriptedSweepStore(_clock);
        await StartAsync(store);

        await AdvanceAfterTimerAsync(Interval * 0.89);

        Assert.That(store.Limits.TryRead(out _), Is.False);
    }

    [Test]
    public async Task A_sweep_that_fails_is_followed_by_the_next_one_whatever_the_failure_was()
    {
        var store = new ScriptedSweepStore(
            _clock,
            Failing(new SessionStoreException("The backend is away.")),
            Failing(new TimeoutException("A driver's own exception.")),
            Failing(new OperationCanceledException("Cancelled by the driver, not by the host."))
        );
        var sweeper = await StartAsync(store);

        for (var sweep = 0; sweep < 4; sweep++)
        {
            await AdvanceToSweepAsync();
            await store.Limits.ReadAsync(Token);
        }

        Assert.That(sweeper.ExecuteTask!.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_host_that_stops_ends_the_sweep_under_way()
    {
        var store = new ScriptedSweepStore(
            _clock,
            async token =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
                return [];
            }
        );
        var sweeper = await StartAsync(store);
        await AdvanceToSweepAsync();
        await store.Limits.ReadAsync(Token);

        await sweeper.StopAsync(Token);

        Assert.That(sweeper.ExecuteTask!.IsCompletedSuccessfully);
        Assert.That(store.Limits.TryRead(out _), Is.False);
    }

    [Test]
    public async Task A_store_whose_backend_deletes_by_itself_is_called_once()
    {
        var store = new FailingSessionStore(new PlainStore(new MemorySessionStore(time: _clock)));
        var sweeper = await StartAsync(store);

        await AdvanceToSweepAsync();
        await sweeper.ExecuteTask!.WaitAsync(Token);

        Assert.That(store.CountCalls(StoreOperations.DeleteExpired), Is.EqualTo(1));
    }

    private async Task<SessionSweeper> StartAsync(ISessionStore store, SessionEvents? events = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services
            .AddSessionUp(options =>
            {
                options.SweepInterval = Interval;
                options.SweepBatchSize = 10;
                options.Events = events ?? options.Events;
            })
            .UseStore(_ => store);
        _services = services.BuildServiceProvider();
        var sweeper = _services.GetServices<IHostedService>().OfType<SessionSweeper>().Single();
        await sweeper.StartAsync(Token);
        return sweeper;
    }

    // The interval, and the tenth by which it may be longer.
    /// <summary>Moves the clock once the sweeper waits for it.</summary>
    private async Task AdvanceAfterTimerAsync(TimeSpan time)
    {
        // A manager makes a timer that waits for its first touch; the sweeper's is set at once.
        await _clock.NextTimerAsync(static timer => timer == Timeout.InfiniteTimeSpan, Token);
        _clock.Advance(time);
    }

    private Task AdvanceToSweepAsync() => AdvanceAfterTimerAsync(Interval * 1.1);

    private static async Task<List<int>> WaitForCallsAsync(ScriptedSweepStore store, int count)
    {
        var calls = new List<int>();
        while (calls.Count < count)
        {
            calls.Add(await store.Limits.ReadAsync(Token));
        }

        return calls;
    }

    private static Func<CancellationToken, Task<IReadOnlyList<Session>>> Deleted(int count)
    {
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        return _ => Task.FromResult<IReadOnlyList<Session>>([.. Enumerable.Range(0, count).Select(_ => samples.Create())]);
    }

    private static Func<CancellationToken, Task<IReadOnlyList<Session>>> Failing(Exception failure) =>
        _ => Task.FromException<IReadOnlyList<Session>>(failure);
}
