using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Caching;

/// <summary>
/// A store whose change feed the test leads by hand: when it connects, what it tells, when it proves its life, when it is lost.
/// </summary>
internal sealed class ManualFeedStore(ISessionStore inner, TimeProvider time) : PlainStore(inner), ISessionChangeFeed, IAsyncDisposable
{
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<TaskCompletionSource> _attempts = Channel.CreateUnbounded<TaskCompletionSource>();
    private readonly Channel<bool> _disconnections = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _connectionCancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChangeFeedBroker? _hub;
    private TaskCompletionSource _connection = new();

    /// <summary>The clock of a feed that waits for no pause before it connects again.</summary>
    /// <param name="clock">The clock that the test advances.</param>
    /// <param name="hasTimers">Whether other timers fire, all of which are due later than a pause.</param>
    public static TimerClock CreateClock(ManualTimeProvider clock, bool hasTimers = true) =>
        new(
            clock,
            dueTime =>
                dueTime < s_attemptTimeout ? TimerBehavior.AtOnce
                : hasTimers ? TimerBehavior.OnTime
                : TimerBehavior.Never
        );

    /// <summary>Called before the status is read: a change at the moment of the reading.</summary>
    public Action OnStatusReading { get; set; } = static () => { };

    /// <summary>Called when the status is read, before the caller has it: a change that the caller cannot know of.</summary>
    public Action OnStatusRead { get; set; } = static () => { };

    public override ISessionChangeFeed ChangeFeed => this;

    public ChangeFeedStatus Status
    {
        get
        {
            OnStatusReading();
            var status = Hub.Status;
            OnStatusRead();
            return status;
        }
    }

    /// <summary>Completes when nobody listens any more.</summary>
    public Task ConnectionCancelled => _connectionCancelled.Task;

    public bool HasListeners => Hub.HasListeners;

    private ChangeFeedBroker Hub => _hub ??= ChangeFeedBroker.Create(ListenAsync, time, NullLogger.Instance);

    public IDisposable Subscribe(ISessionChangeListener listener) =>
        Hub.Subscribe(new DisconnectionListener(listener, _disconnections.Writer));

    /// <summary>The feed delivers from here on. Waits until it tries to.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _connection = await _attempts.Reader.ReadAsync(cancellationToken);
        Hub.ReportConnected();
    }

    /// <summary>Cuts the connection, with an error, and waits until that is known.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        _connection.SetException(new IOException("The connection was reset."));
        await _disconnections.Reader.ReadAsync(cancellationToken);
    }

    public void Publish(SessionId id, SessionChangeKind kind) => Hub.Publish(new SessionChange { Id = id, Kind = kind });

    /// <summary>A connection takes the place of the last one, about whose end nobody was told.</summary>
    public void Reconnect() => Hub.ReportConnected();

    public void PublishHeartbeat() => Hub.ReportHeartbeat();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    private async Task ListenAsync(ChangeFeedBroker hub, CancellationToken cancellationToken)
    {
        var connection = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _attempts.Writer.WriteAsync(connection, cancellationToken);
        try
        {
            await connection.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _connectionCancelled.TrySetResult();
            throw;
        }
    }

    /// <summary>Passes everything on, and lets the test know when a loss has been.</summary>
    private sealed class DisconnectionListener(ISessionChangeListener listener, ChannelWriter<bool> losses) : ISessionChangeListener
    {
        public void OnChange(SessionChange change) => listener.OnChange(change);

        public void OnConnected() => listener.OnConnected();

        public void OnDisconnected()
        {
            listener.OnDisconnected();
            losses.TryWrite(true);
        }
    }
}
