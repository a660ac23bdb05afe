using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Stores;

namespace Sessions.Tests.ChangeFeed;

[CancelAfter(60_000)]
public sealed partial class ChangeFeedBrokerTests
{
    private static readonly TimeSpan s_instant = TimeSpan.FromTicks(1);
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(10);

    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private TimerClock _clock = null!;
    private ScriptedFeedConnection _feedConnection = null!;
    private ChangeFeedBroker _hub = null!;
    private RecordingChangeListener _listener = null!;
    private IDisposable? _subscription;

    [SetUp]
    public void SetUp() => Use(new TimerClock());

    [TearDown]
    public async Task TearDown()
    {
        _subscription?.Dispose();
        _subscription = null;
        _feedConnection.Close();
        await _hub.DisposeAsync();
    }

    [Test]
    public async Task The_first_listener_makes_it_connect_and_the_last_one_hang_up()
    {
        Assert.That(_feedConnection.AttemptCount, Is.Zero);
        var first = _hub.Subscribe(_listener);
        var attempt = await _feedConnection.NextAttemptAsync(Token);
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
        Assert.That(_feedConnection.AttemptCount, Is.EqualTo(1));
    }

    [Test]
    public async Task It_connects_again_only_when_the_connection_that_was_hung_up_is_closed()
    {
        var first = await ConnectAsync();
        _subscription!.Dispose();
        await first.Cancelled.WaitAsync(Token);

        using var again = _hub.Subscribe(_listener);
        Assert.That((_feedConnection.AttemptCount, _hub.Status.IsConnected), Is.EqualTo((1, false)));
        first.Return();

        await _feedConnection.NextAttemptAsync(Token);
    }

    [Test]
    public async Task A_connection_that_was_hung_up_counts_as_none_from_that_moment_and_whatever_it_says()
    {
        var first = await ConnectAsync();
        _subscription!.Dispose();
        Assert.That(_hub.Status.IsConnected, Is.False);

        var late = new RecordingChangeListener();
        using var again = _hub.Subscribe(late);
        _hub.ReportHeartbeat();
        _hub.ReportConnected();
        Assert.That((late.Connections, _hub.Status.IsConnected), Is.EqualTo((0, false)));
        first.Return();
        await _feedConnection.NextAttemptAsync(Token);
        _hub.ReportConnected();

        Assert.That((late.Connections, late.Disconnections, _hub.Status.IsConnected), Is.EqualTo((1, 0, true)));
    }

    [Test]
    public async Task Listeners_learn_that_it_is_connected_before_the_status_says_so()
    {
        using var subscription = _hub.Subscribe(_listener);
        var atThatMoment = new List<bool>();
        using var asks = _hub.Subscribe(new CallbackListener(() => atThatMoment.Add(_hub.Status.IsConnected)));
        await _feedConnection.NextAttemptAsync(Token);

        _hub.ReportConnected();

        Assert.That(atThatMoment, Is.EqualTo([false]));
        Assert.That((_hub.Status.IsConnected, _listener.Connections), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task A_later_listener_receives_the_status_before_Subscribe_returns()
    {
        await ConnectAsync();
        var late = new RecordingChangeListener();

        using var subscription = _hub.Subscribe(late);

        Assert.That((late.Connections, _listener.Connections), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Changes_are_delivered_to_every_listener_until_it_unsubscribes()
    {
        await ConnectAsync();
        var other = new RecordingChangeListener();
        var subscription = _hub.Subscribe(other);
        var (first, second) = (Change(), Change());

        _hub.Publish(first);
        subscription.Dispose();
        _hub.Publish(second);

        Assert.That(_listener.Changes, Is.EqualTo([first, second]));
        Assert.That(other.Changes, Is.EqualTo([first]));
    }

    [Test]
    public async Task A_listener_may_unsubscribe_while_it_is_called()
    {
        await ConnectAsync();
        IDisposable? leaving = null;
        leaving = _hub.Subscribe(new CallbackListener(onChange: () => leaving!.Dispose()));
        var late = new RecordingChangeListener();
        using var behind = _hub.Subscribe(late);

        _hub.Publish(Change());

        Assert.That(late.Changes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_listener_that_throws_stops_neither_the_others_nor_the_feed()
    {
        using var bad = _hub.Subscribe(new ThrowingListener());
        _subscription = _hub.Subscribe(_listener);
        var attempt = await _feedConnection.NextAttemptAsync(Token);

        _hub.ReportConnected();
        _hub.Publish(Change());
        _clock.Advance(ChangeFeedBroker.HeartbeatTimeout);
        await attempt.Cancelled.WaitAsync(Token);
        Assert.That((_listener.Connections, _listener.Changes.Count, _listener.Disconnections), Is.EqualTo((1, 1, 1)));
        attempt.Return();

        _clock.Advance(await PauseAsync());
        await _feedConnection.NextAttemptAsync(Token);
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
        await using var hub = ChangeFeedBroker.CreateInProcess(_clock);
        Assert.That((hub.Status.IsConnected, hub.HasListeners), Is.EqualTo((true, false)));

        using (hub.Subscribe(_listener))
        {
            _clock.Advance(TimeSpan.FromDays(1));
            hub.Publish(Change());
        }

        Assert.That(hub.Status.IsConnected);
        Assert.That((_listener.Connections, _listener.Disconnections, _listener.Changes.Count), Is.EqualTo((1, 0, 1)));
    }

    private void Use(TimerClock clock)
    {
        (_clock, _feedConnection, _listener) = (clock, new(), new());
        _hub = ChangeFeedBroker.Create(_feedConnection.ListenAsync, clock, NullLogger.Instance);
    }

    private async Task<ScriptedFeedConnection.Attempt> ConnectAsync()
    {
        _subscription = _hub.Subscribe(_listener);
        var attempt = await _feedConnection.NextAttemptAsync(Token);
        _hub.ReportConnected();
        return attempt;
    }

    private SessionChange Change() => new() { Id = _samples.NewId("ann"), Kind = SessionChangeKind.Ended };

    private sealed class ThrowingListener : ISessionChangeListener
    {
        public void OnChange(SessionChange change) => throw new InvalidOperationException("planted");

        public void OnConnected() => throw new InvalidOperationException("planted");

        public void OnDisconnected() => throw new InvalidOperationException("planted");
    }

    private sealed class CallbackListener(Action? onConnected = null, Action? onChange = null) : ISessionChangeListener
    {
        public void OnChange(SessionChange change) => onChange?.Invoke();

        public void OnConnected() => onConnected?.Invoke();

        public void OnDisconnected() { }
    }
}
