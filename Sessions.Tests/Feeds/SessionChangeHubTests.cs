using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Feeds;

[CancelAfter(60_000)]
public sealed class SessionChangeHubTests
{
    private static readonly TimeSpan s_instant = TimeSpan.FromTicks(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private FeedClock _clock = null!;
    private ScriptedLine _line = null!;
    private SessionChangeHub _hub = null!;
    private RecordingChangeListener _listener = null!;
    private IDisposable? _subscription;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void SetUp() => Use(new FeedClock());

    [TearDown]
    public async Task TearDown()
    {
        _subscription?.Dispose();
        _subscription = null;
        _line.Close();
        await _hub.DisposeAsync();
    }

    [Test]
    public async Task The_first_listener_makes_it_connect_and_the_last_one_hang_up()
    {
        Assert.That(_line.Count, Is.Zero);
        var first = _hub.Subscribe(_listener);
        var attempt = await _line.NextAsync(Token);
        var second = _hub.Subscribe(new RecordingChangeListener());
        Assert.That(_hub.HasListeners);

        first.Dispose();
        first.Dispose();
        Assert.That((_hub.HasListeners, attempt.Cancelled.IsCompleted), Is.EqualTo((true, false)));
        second.Dispose();

        Assert.That(_hub.HasListeners, Is.False);
        await attempt.Cancelled.WaitAsync(Token);
        attempt.Return();
        await _hub.DisposeAsync();
        Assert.That(_line.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task It_connects_again_only_when_the_connection_that_was_hung_up_is_closed()
    {
        var first = await ConnectAsync();
        _subscription!.Dispose();
        await first.Cancelled.WaitAsync(Token);

        using var again = _hub.Subscribe(_listener);
        Assert.That((_line.Count, _hub.Status.IsConnected), Is.EqualTo((1, false)));
        first.Return();

        await _line.NextAsync(Token);
    }

    [Test]
    public async Task A_connection_that_was_hung_up_counts_as_none_from_that_moment_and_whatever_it_says()
    {
        var first = await ConnectAsync();
        _subscription!.Dispose();
        Assert.That(_hub.Status.IsConnected, Is.False);

        var late = new RecordingChangeListener();
        using var again = _hub.Subscribe(late);
        _hub.Beat();
        _hub.Connected();
        Assert.That((late.Connections, _hub.Status.IsConnected), Is.EqualTo((0, false)));
        first.Return();
        await _line.NextAsync(Token);
        _hub.Connected();

        Assert.That((late.Connections, late.Disconnections, _hub.Status.IsConnected), Is.EqualTo((1, 0, true)));
    }

    [Test]
    public async Task Listeners_learn_that_it_is_connected_before_the_status_says_so()
    {
        using var subscription = _hub.Subscribe(_listener);
        var atThatMoment = new List<bool>();
        using var asks = _hub.Subscribe(new Asks(() => atThatMoment.Add(_hub.Status.IsConnected)));
        await _line.NextAsync(Token);

        _hub.Connected();

        Assert.That(atThatMoment, Is.EqualTo([false]));
        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task A_later_listener_learns_it_before_he_is_subscribed()
    {
        await ConnectAsync();
        var late = new RecordingChangeListener();

        using var subscription = _hub.Subscribe(late);

        Assert.That((late.Connections, _listener.Connections), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Changes_are_told_to_every_listener_until_he_leaves()
    {
        await ConnectAsync();
        var other = new RecordingChangeListener();
        var subscription = _hub.Subscribe(other);
        var (first, second) = (Change(), Change());

        _hub.Tell(first);
        subscription.Dispose();
        _hub.Tell(second);

        Assert.That(_listener.Changes, Is.EqualTo([first, second]));
        Assert.That(other.Changes, Is.EqualTo([first]));
    }

    [Test]
    public async Task A_listener_may_leave_while_it_is_told()
    {
        await ConnectAsync();
        IDisposable? leaving = null;
        leaving = _hub.Subscribe(new Asks(onChange: () => leaving!.Dispose()));
        var late = new RecordingChangeListener();
        using var behind = _hub.Subscribe(late);

        _hub.Tell(Change());

        Assert.That(late.Changes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Silence_is_a_lost_connection_by_the_monotonic_clock()
    {
        var attempt = await ConnectAsync();
        _clock.Advance(SessionChangeHub.Silence - s_instant);
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

        _clock.Advance(SessionChangeHub.Silence);

        Assert.That(disconnections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_beat_keeps_it_connected()
    {
        await ConnectAsync();
        var since = _hub.Status.Since;

        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(SessionChangeHub.Silence - s_instant);
            _hub.Beat();
        }

        Assert.That(_hub.Status, Is.EqualTo(new SessionFeedStatus(true, since)));
        Assert.That((_listener.Connections, _listener.Disconnections), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Silence_shows_in_the_status_even_if_no_timer_fires_and_a_beat_after_it_is_a_new_connection()
    {
        Use(new FeedClock(isDeaf: true));
        await ConnectAsync();
        _clock.Advance(SessionChangeHub.Silence + s_instant);
        Assert.That(_hub.Status, Is.EqualTo(new SessionFeedStatus(false, _clock.GetUtcNow() - s_instant)));

        _hub.Beat();

        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((true, 2)));
    }

    [Test]
    public async Task A_beat_of_a_connection_that_was_given_up_changes_nothing()
    {
        var attempt = await ConnectAsync();
        _clock.Advance(SessionChangeHub.Silence);
        await attempt.Cancelled.WaitAsync(Token);

        _hub.Beat();
        _hub.Connected();

        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((false, 1)));
    }

    [Test]
    public async Task An_attempt_that_gets_nowhere_is_given_up_and_followed_by_another()
    {
        using var subscription = _hub.Subscribe(_listener);
        var attempt = await _line.NextAsync(Token);

        _clock.Advance(s_patience - s_instant);
        Assert.That(attempt.Cancelled.IsCompleted, Is.False);
        _clock.Advance(s_instant);

        await attempt.Cancelled.WaitAsync(Token);
        attempt.Throw(new OperationCanceledException());
        _clock.Advance(await PauseAsync());
        await _line.NextAsync(Token);
        Assert.That(_listener.Disconnections, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_connection_that_is_lost_is_followed_by_another(bool throws)
    {
        var attempt = await ConnectAsync();

        End(attempt, throws);

        await _listener.UntilDisconnectedAsync(1, Token);
        Assert.That(_hub.Status.IsConnected, Is.False);
        _clock.Advance(await PauseAsync());
        await _line.NextAsync(Token);
        _hub.Connected();
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
            End(await _line.NextAsync(Token), throws);
            var pause = await PauseAsync();
            Assert.That(pause.TotalSeconds, Is.InRange(seconds * 0.5, seconds * 1.5));
            _clock.Advance(pause);
        }

        var attempt = await _line.NextAsync(Token);
        _hub.Connected();
        End(attempt, throws);

        Assert.That((await PauseAsync()).TotalSeconds, Is.InRange(0.05, 0.15));
    }

    [Test]
    public async Task Whoever_leaves_during_a_pause_stops_the_attempts()
    {
        using (_hub.Subscribe(_listener))
        {
            (await _line.NextAsync(Token)).Return();
            await PauseAsync();
        }

        await _hub.DisposeAsync();
        Assert.That(_line.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Disposing_hangs_up_and_waits_until_the_connection_is_closed()
    {
        var attempt = await ConnectAsync();

        var disposing = _hub.DisposeAsync().AsTask();
        await attempt.Cancelled.WaitAsync(Token);
        Assert.That((disposing.IsCompleted, _hub.Status.IsConnected, _hub.HasListeners), Is.EqualTo((false, false, false)));
        attempt.Return();
        await disposing.WaitAsync(Token);

        _subscription!.Dispose();
        await _hub.DisposeAsync();
        Assert.That(() => _hub.Subscribe(_listener), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Within_one_process_it_is_always_connected()
    {
        await using var hub = SessionChangeHub.InProcess(_clock);
        Assert.That((hub.Status.IsConnected, hub.HasListeners), Is.EqualTo((true, false)));

        using (hub.Subscribe(_listener))
        {
            _clock.Advance(TimeSpan.FromDays(1));
            hub.Tell(Change());
        }

        Assert.That(hub.Status.IsConnected);
        Assert.That((_listener.Connections, _listener.Disconnections, _listener.Changes.Count), Is.EqualTo((1, 0, 1)));
    }

    [Test]
    public async Task Turned_off_it_is_never_connected()
    {
        await using var hub = SessionChangeHub.Off(_clock);

        using var subscription = hub.Subscribe(_listener);

        Assert.That((hub.Status.IsConnected, _listener.Connections), Is.EqualTo((false, 0)));
    }

    private void Use(FeedClock clock)
    {
        (_clock, _line, _listener) = (clock, new(), new());
        _hub = SessionChangeHub.Over(_line.ListenAsync, clock, NullLogger.Instance);
    }

    private async Task<ScriptedLine.Attempt> ConnectAsync()
    {
        _subscription = _hub.Subscribe(_listener);
        var attempt = await _line.NextAsync(Token);
        _hub.Connected();
        return attempt;
    }

    /// <summary>Waits for the pause after an attempt, and says how long it is. Beside it there is only the timer of the attempt.</summary>
    private async Task<TimeSpan> PauseAsync()
    {
        TimeSpan timer;
        do
        {
            timer = await _clock.NextTimerAsync(Token);
        } while (timer == s_patience);

        return timer;
    }

    private static void End(ScriptedLine.Attempt attempt, bool throws)
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

    private SessionChange Change() => new(_samples.NewId("ann"), SessionChangeKind.Ended);

    private sealed class Asks(Action? onConnected = null, Action? onChange = null) : ISessionChangeListener
    {
        public void OnChange(SessionChange change) => onChange?.Invoke();

        public void OnConnected() => onConnected?.Invoke();

        public void OnDisconnected() { }
    }
}
