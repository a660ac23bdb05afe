using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Stores;

namespace Sessions.Tests.ChangeFeed;

/// <content>Losing the connection, and connecting again.</content>
public sealed partial class ChangeFeedBrokerTests
{
    [Test]
    public async Task Silence_is_a_lost_connection_by_the_monotonic_clock()
    {
        var attempt = await ConnectAsync();
        _clock.Advance(ChangeFeedBroker.HeartbeatTimeout - s_instant);
        Assert.That((_hub.Status.IsConnected, attempt.Cancelled.IsCompleted), Is.EqualTo((true, false)));

        _clock.Advance(s_instant);

        Assert.That((_hub.Status.IsConnected, _listener.Disconnections), Is.EqualTo((false, 1)));
        await attempt.Cancelled.WaitAsync(Token);
        Assert.That(_hub.Status.Since, Is.EqualTo(_clock.GetUtcNow()));
    }

    [Test]
    public async Task Listeners_learn_of_silence_before_a_connection_that_takes_its_time_to_be_cancelled()
    {
        var attempt = await ConnectAsync();
        var disconnections = 0;
        attempt.WhenCancelled = () => disconnections = _listener.Disconnections;

        _clock.Advance(ChangeFeedBroker.HeartbeatTimeout);

        Assert.That(disconnections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_beat_keeps_it_connected()
    {
        await ConnectAsync();
        var since = _hub.Status.Since;

        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(ChangeFeedBroker.HeartbeatTimeout - s_instant);
            _hub.ReportHeartbeat();
        }

        Assert.That(_hub.Status, Is.EqualTo(new ChangeFeedStatus { IsConnected = true, Since = since }));
        Assert.That((_listener.Connections, _listener.Disconnections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Silence_shows_in_the_status_even_if_no_timer_fires_and_a_beat_after_it_is_a_new_connection()
    {
        Use(new TimerClock(behavior: static _ => TimerBehavior.Never));
        await ConnectAsync();
        _clock.Advance(ChangeFeedBroker.HeartbeatTimeout + s_instant);
        Assert.That(_hub.Status, Is.EqualTo(new ChangeFeedStatus { IsConnected = false, Since = _clock.GetUtcNow() - s_instant }));

        _hub.ReportHeartbeat();

        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((true, 2)));
    }

    [Test]
    public async Task A_beat_of_a_connection_that_was_given_up_changes_nothing()
    {
        var attempt = await ConnectAsync();
        _clock.Advance(ChangeFeedBroker.HeartbeatTimeout);
        await attempt.Cancelled.WaitAsync(Token);

        _hub.ReportHeartbeat();
        _hub.ReportConnected();

        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((false, 1)));
    }

    [Test]
    public async Task An_attempt_that_gets_nowhere_is_given_up_and_followed_by_another()
    {
        using var subscription = _hub.Subscribe(_listener);
        var attempt = await _feedConnection.NextAttemptAsync(Token);

        _clock.Advance(s_attemptTimeout - s_instant);
        Assert.That(attempt.Cancelled.IsCompleted, Is.False);
        _clock.Advance(s_instant);

        await attempt.Cancelled.WaitAsync(Token);
        attempt.Throw(new OperationCanceledException());
        _clock.Advance(await PauseAsync());
        await _feedConnection.NextAttemptAsync(Token);
        Assert.That(_listener.Disconnections, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_connection_that_is_lost_is_followed_by_another(bool throws)
    {
        var attempt = await ConnectAsync();

        End(attempt, throws);

        await _listener.WaitForDisconnectionsAsync(1, Token);
        Assert.That(_hub.Status.IsConnected, Is.False);
        _clock.Advance(await PauseAsync());
        await _feedConnection.NextAttemptAsync(Token);
        _hub.ReportConnected();
        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((true, 2)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_pauses_between_attempts_grow_to_a_limit_and_begin_anew_after_a_success(bool throws)
    {
        using var subscription = _hub.Subscribe(_listener);
        var expected = new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5 };
        foreach (var seconds in expected)
        {
            End(await _feedConnection.NextAttemptAsync(Token), throws);
            var pause = await PauseAsync();
            Assert.That(pause.TotalSeconds, Is.InRange(seconds * 0.5, seconds * 1.5));
            _clock.Advance(pause);
        }

        var attempt = await _feedConnection.NextAttemptAsync(Token);
        _hub.ReportConnected();
        End(attempt, throws);

        Assert.That((await PauseAsync()).TotalSeconds, Is.InRange(0.05, 0.15));
    }

    [Test]
    public async Task Unsubscribing_during_a_pause_stops_the_attempts()
    {
        using (_hub.Subscribe(_listener))
        {
            (await _feedConnection.NextAttemptAsync(Token)).Return();
            await PauseAsync();
        }

        await _hub.DisposeAsync();
        Assert.That(_feedConnection.AttemptCount, Is.EqualTo(1));
    }

    private Task<TimeSpan> PauseAsync() => _clock.NextTimerAsync(static timer => timer == s_attemptTimeout, Token);

    private static void End(ScriptedFeedConnection.Attempt attempt, bool throws)
    {
        if (throws)
        {
            attempt.Throw(new IOException("The cable is cut."));
        }
        else
        {
            attempt.Return();
        }
    }
}
