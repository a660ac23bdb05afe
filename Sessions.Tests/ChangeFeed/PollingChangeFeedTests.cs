using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.ChangeFeed;

[CancelAfter(60_000)]
public sealed class PollingChangeFeedTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly List<SessionChange> _log = [];
    private ManualTimeProvider _clock = null!;
    private SampleSessions _samples = null!;
    private RecordingChangeListener _listener = null!;
    private ChangeFeedBroker _feed = null!;
    private Func<CancellationToken, Task> _beforeRead = null!;
    private int _deleted;

    [SetUp]
    public void SetUp()
    {
        _log.Clear();
        (_clock, _listener, _deleted, _beforeRead) = (new(), new(), 0, static _ => Task.CompletedTask);
        _samples = new SampleSessions(_clock, SeededRandom.Create());
        var (time, log) = (_clock, NullLogger.Instance);
        // snippet
        _feed = PollingChangeFeed.Create(ReadChangesAsync, TimeSpan.FromMilliseconds(500), time, log);
        // end
    }

    [TearDown]
    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    [Test]
    public async Task Changes_are_delivered_once_and_in_order_and_those_from_before_the_connection_are_not()
    {
        Add();
        using var subscription = await ConnectAsync();
        var changes = new[] { Add(), Add(SessionChangeKind.Changed) };
        await PollAsync(changes[^1]);
        var third = Add();

        await PollAsync(third);

        Assert.That(_listener.Changes, Is.EqualTo([.. changes, third]));
    }

    [Test]
    public async Task Each_read_proves_the_connection_also_one_that_brings_nothing()
    {
        using var subscription = await ConnectAsync();
        for (var elapsed = TimeSpan.Zero; elapsed < 3 * ChangeFeedBroker.HeartbeatTimeout; elapsed += s_interval)
        {
            await PollAsync(Add());
        }

        Assert.That(_feed.Status.IsConnected);
        Assert.That(_listener.Connections, Is.EqualTo(1));
    }

    [Test]
    public async Task Changes_that_were_deleted_before_they_were_read_count_as_a_new_connection()
    {
        using var subscription = await ConnectAsync();
        Add();
        var last = Add();
        _deleted = 1;

        await PollAsync(last);

        Assert.That(_listener.Connections, Is.EqualTo(2));
        Assert.That(_listener.Changes, Is.EqualTo([last]));
    }

    [Test]
    public async Task A_read_that_fails_loses_the_connection_and_another_is_made()
    {
        using var subscription = await ConnectAsync();
        _beforeRead = static _ => throw new SessionStoreException("The backend is gone.");
        _clock.Advance(s_interval);
        await _listener.WaitForDisconnectionsAsync(1, Token);
        Assert.That(_feed.Status.IsConnected, Is.False);
        _beforeRead = static _ => Task.CompletedTask;

        await ReconnectAsync();

        await PollAsync(Add());
    }

    [Test]
    public async Task A_read_that_does_not_end_counts_as_lost()
    {
        using var subscription = await ConnectAsync();
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _beforeRead = async cancellationToken =>
        {
            reading.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        };
        _clock.Advance(s_interval);
        await reading.Task.WaitAsync(Token);

        _clock.Advance(ChangeFeedBroker.HeartbeatTimeout + s_interval);
        await _listener.WaitForDisconnectionsAsync(1, Token);
        _beforeRead = static _ => Task.CompletedTask;

        await ReconnectAsync();
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1001)]
    public void An_interval_of_nothing_or_beyond_that_of_heartbeats_is_refused(int milliseconds) =>
        Assert.That(
            () => PollingChangeFeed.Create(ReadChangesAsync, TimeSpan.FromMilliseconds(milliseconds), _clock, NullLogger.Instance),
            Throws.InstanceOf<ArgumentOutOfRangeException>()
        );

    private async Task<IDisposable> ConnectAsync()
    {
        var subscription = _feed.Subscribe(_listener);
        await _listener.WaitForConnectionsAsync(1, Token);
        return subscription;
    }

    private async Task ReconnectAsync()
    {
        var connected = _listener.WaitForConnectionsAsync(2, Token);
        while (!connected.IsCompleted)
        {
            // The pause before another attempt begins at some moment from now on.
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await connected;
    }

    private async Task PollAsync(SessionChange until)
    {
        _clock.Advance(s_interval);
        await _listener.WaitForChangeAsync(until.Id, Token);
    }

    private SessionChange Add(SessionChangeKind kind = SessionChangeKind.Ended)
    {
        var change = new SessionChange { Id = _samples.NewId("ann"), Kind = kind };
        lock (_lock)
        {
            _log.Add(change);
        }

        return change;
    }

    private async ValueTask<PolledChanges> ReadChangesAsync(long? after, CancellationToken cancellationToken)
    {
        await _beforeRead(cancellationToken);
        lock (_lock)
        {
            var from = (int?)after ?? _log.Count;
            return new()
            {
                Position = _log.Count,
                Changes = [.. _log.Skip(Math.Max(from, _deleted))],
                HasGap = from < _deleted,
            };
        }
    }
}
