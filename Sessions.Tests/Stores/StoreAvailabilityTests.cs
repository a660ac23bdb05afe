using NUnit.Framework;
using Sessions.Diagnostics;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.Stores;

/// <summary>A store that is known to be down is not called, and a probe finds out when it answers again.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StoreAvailabilityTests : IDisposable
{
    private static readonly SessionId s_id = SessionId.Create(userKey: null);

    private readonly TimerClock _clock = new();
    private readonly ScriptedAnswers _backend = new(new MemorySessionStore());
    private readonly StoreAvailability _availability;
    private readonly InstrumentedSessionStore _store;

    public StoreAvailabilityTests()
    {
        var outage = new StoreOutage("", _clock, new RecordingLoggerProvider());
        _availability = new StoreAvailability("", _backend, outage, _clock, _clock);
        _store = new InstrumentedSessionStore(_backend, outage, _availability, metrics: null);
    }

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    public void Dispose() => _availability.Dispose();

    [Test]
    public async Task After_a_slow_failure_a_probe_that_fails_makes_calls_fail_at_once_and_one_that_succeeds_ends_that()
    {
        await FailSlowlyAsync();
        (await _backend.NextAsync(Token)).SetException(new SessionStoreException("Still away."));
        await NextIntervalAsync();
        var probed = _backend.Count;

        for (var call = 0; call < 30; call++)
        {
            var fetching = _store.FetchAsync(s_id, Token).AsTask();
            Assert.That(fetching.IsFaulted, "The call does not wait.");
            Assert.That(fetching.Exception!.InnerException, Is.InstanceOf<SessionStoreException>().With.Message.Contains("Still away."));
        }

        Assert.That(async () => await _store.DeleteAllAsync("ann", null, Token), Throws.InstanceOf<SessionStoreException>());
        Assert.That(_backend.Count, Is.EqualTo(probed), "The backend is not called.");

        _clock.Advance(StoreAvailability.ProbeInterval);
        (await _backend.NextAsync(Token)).SetResult(default);
        await UntilAsync(() => !_availability.IsDown);
        var next = _store.FetchAsync(s_id, Token);
        (await _backend.NextAsync(Token)).SetResult(default);
        Assert.That(await next, Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task Calls_go_on_while_the_first_probe_is_under_way_until_it_takes_too_long()
    {
        await FailSlowlyAsync();
        var probe = await _backend.NextAsync(Token);
        await NextTimerAsync(StoreAvailability.ProbePatience);
        Assert.That(_availability.IsDown, Is.False);

        _clock.Advance(StoreAvailability.ProbePatience);
        await UntilAsync(() => _availability.IsDown);

        probe.SetResult(default);
        await UntilAsync(() => !_availability.IsDown);
    }

    [Test]
    public async Task There_is_one_probe_at_a_time_however_long_it_takes()
    {
        await FailSlowlyAsync();
        var probe = await _backend.NextAsync(Token);
        await NextTimerAsync(StoreAvailability.ProbePatience);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(() => _availability.IsDown);
        var calls = _backend.Count;

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_backend.Count, Is.EqualTo(calls));

        probe.SetException(new SessionStoreException("Away."));
        await NextTimerAsync(StoreAvailability.ProbeInterval);
        _clock.Advance(StoreAvailability.ProbeInterval);
        (await _backend.NextAsync(Token)).SetResult(default);
        await UntilAsync(() => !_availability.IsDown);
    }

    [Test]
    public async Task A_clock_that_jumps_during_a_call_makes_it_no_slow_one()
    {
        var outage = new StoreOutage("", _clock, new RecordingLoggerProvider());
        using var availability = new StoreAvailability("", _backend, outage, _clock, new ManualTimeProvider());
        var store = new InstrumentedSessionStore(_backend, outage, availability, metrics: null);
        var fetching = store.FetchAsync(s_id, Token).AsTask();
        var read = await _backend.NextAsync(Token);
        _clock.Advance(TimeSpan.FromHours(1));
        var second = store.FetchAsync(s_id, Token).AsTask();
        (await _backend.NextAsync(Token)).SetException(new SessionStoreException("Refused."));

        read.SetException(new SessionStoreException("Refused."));

        Assert.That(async () => await fetching, Throws.InstanceOf<SessionStoreException>());
        Assert.That(async () => await second, Throws.InstanceOf<SessionStoreException>());
        Assert.That((_backend.Count, _backend.PreparationCount), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task A_failure_that_comes_at_once_is_followed_by_no_probe()
    {
        var fetching = _store.FetchAsync(s_id, Token).AsTask();
        (await _backend.NextAsync(Token)).SetException(new SessionStoreException("Refused."));

        Assert.That(async () => await fetching, Throws.InstanceOf<SessionStoreException>());
        Assert.That((_backend.Count, _backend.PreparationCount), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_slow_failure_beside_a_call_with_an_answer_is_followed_by_no_probe()
    {
        var failing = _store.FetchAsync(s_id, Token).AsTask();
        var failingRead = await _backend.NextAsync(Token);
        var answered = _store.FetchAsync(s_id, Token).AsTask();
        (await _backend.NextAsync(Token)).SetResult(default);
        await answered;
        _clock.Advance(TimeSpan.FromSeconds(5));

        failingRead.SetException(new SessionStoreException("One node is away."));

        Assert.That(async () => await failing, Throws.InstanceOf<SessionStoreException>());
        Assert.That((_backend.Count, _backend.PreparationCount), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task Calls_that_wait_long_without_any_answer_are_followed_by_a_probe()
    {
        var waiting = _store.FetchAsync(s_id, Token).AsTask();
        var read = await _backend.NextAsync(Token);
        _clock.Advance(StoreAvailability.AnswerPatience + TimeSpan.FromMilliseconds(1));

        var second = _store.FetchAsync(s_id, Token).AsTask();
        var secondRead = await _backend.NextAsync(Token);
        var probe = await _backend.NextAsync(Token);
        await NextTimerAsync(StoreAvailability.ProbePatience);
        _clock.Advance(StoreAvailability.ProbePatience);
        await UntilAsync(() => _availability.IsDown);

        Assert.That(_store.FetchAsync(s_id, Token).AsTask().IsFaulted);
        probe.SetResult(default);
        read.SetResult(default);
        secondRead.SetResult(default);
        await Task.WhenAll(waiting, second);
        await UntilAsync(() => !_availability.IsDown);
    }

    [Test]
    public async Task A_store_that_was_not_reached_is_prepared_by_the_probe_before_its_first_call()
    {
        _availability.RecordUnreached();
        var fetching = _store.FetchAsync(s_id, Token).AsTask();
        Assert.That(fetching.IsFaulted);

        (await _backend.NextAsync(Token)).SetResult(default);
        await UntilAsync(() => !_availability.IsDown);

        Assert.That(_backend.PreparationCount, Is.EqualTo(1));
    }

    private async Task FailSlowlyAsync()
    {
        var fetching = _store.FetchAsync(s_id, Token).AsTask();
        var read = await _backend.NextAsync(Token);
        _clock.Advance(StoreAvailability.SlowFailure);
        read.SetException(new SessionStoreException("No answer."));
        Assert.That(async () => await fetching, Throws.InstanceOf<SessionStoreException>());
    }

    /// <summary>Waits until the probes pause.</summary>
    private async Task NextIntervalAsync()
    {
        // The patience with the probe that just ended is as long.
        await NextTimerAsync(StoreAvailability.ProbePatience);
        await UntilAsync(() => _availability.IsDown);
        await NextTimerAsync(StoreAvailability.ProbeInterval);
    }

    private Task<TimeSpan> NextTimerAsync(TimeSpan due) => _clock.NextTimerAsync(time => time != due, Token);

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
