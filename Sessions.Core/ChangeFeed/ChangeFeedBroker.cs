using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>
/// For authors of stores: what change feeds have in common. Keeps the listeners, connects while there are any and again whenever that
/// fails, and takes silence for a lost connection: a half-open one brings no error.
/// </summary>
public sealed class ChangeFeedBroker : ISessionChangeFeed, IAsyncDisposable
{
    /// <summary>1 second: how often a connection proves that it still delivers.</summary>
    public static TimeSpan HeartbeatInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>3 seconds: a connection that has proved nothing for longer counts as lost.</summary>
    public static TimeSpan HeartbeatTimeout { get; } = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Func<ChangeFeedBroker, CancellationToken, Task>? _listen;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private ISessionChangeListener[] _listeners = [];
    private FeedState _state;
    private FeedReconnectLoop? _loop;
    private Task _loopShutdown = Task.CompletedTask;
    private bool _disposed;

    private ChangeFeedBroker(Func<ChangeFeedBroker, CancellationToken, Task>? listen, TimeProvider time, ILogger log, bool isConnected)
    {
        (_listen, _time, _log) = (listen, time, log);
        _state = CreateState(isConnected);
    }

    /// <summary>A feed of changes that come over a network.</summary>
    /// <param name="listen">
    /// One connection, from its beginning to its loss: subscribes, calls <see cref="ReportConnected"/>, then <see cref="Publish"/> with
    /// each change and <see cref="ReportHeartbeat"/> with each proof of life. Returns or throws when the connection is lost; cancelled when
    /// it was silent too long or the last listener has left, and has to return soon then: only afterwards it is called again, if there are
    /// listeners.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets a message when the feed connects and when it is lost.</param>
    public static ChangeFeedBroker Create(Func<ChangeFeedBroker, CancellationToken, Task> listen, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(log);
        return new(listen, time, log, isConnected: false);
    }

    /// <summary>A feed of changes within one process: always connected.</summary>
    public static ChangeFeedBroker CreateInProcess(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new(null, time, NullLogger.Instance, isConnected: true);
    }

    /// <summary>Some text that is new and cannot be guessed, for a connection that proves itself by what comes back.</summary>
    public static string CreateNonce() => SessionId.Create(null).ToString();

    /// <inheritdoc />
    public ChangeFeedStatus Status => Volatile.Read(ref _state).Status;

    /// <summary>Whether there are listeners; without any, publishing costs nothing.</summary>
    internal bool HasListeners => Volatile.Read(ref _listeners).Length > 0;

    /// <inheritdoc />
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _listeners = [.. _listeners, listener];
            if (_state.Status.IsConnected)
            {
                listener.OnConnected();
            }

            if (_listen is not null)
            {
                _loop ??= new FeedReconnectLoop(this, _listen, _loopShutdown, _time, _log);
            }
        }

        return new Subscription(this, listener);
    }

    /// <summary>Publishes a change to all listeners.</summary>
    public void Publish(SessionChange change)
    {
        if (HasListeners)
        {
            lock (_lock)
            {
                NotifyListeners(static (listener, change) => listener.OnChange(change), change);
            }
        }
    }

    /// <summary>
    /// Publishes what a message says that came over a channel which others may write to as well: <see cref="SessionChangeMessage.Changed"/>
    /// or <see cref="SessionChangeMessage.Ended"/>, and ids with nothing between them. What is no such
    /// message, or no id in it, is passed over.
    /// </summary>
    public void PublishMessage(string? message)
    {
        foreach (var change in SessionChangeMessage.Parse(message))
        {
            Publish(change);
        }
    }

    /// <summary>
    /// The connection delivers from here on. Listeners are called before <see cref="Status"/> changes. Ignored after the connection ended.
    /// </summary>
    public void ReportConnected()
    {
        lock (_lock)
        {
            if (_loop is not { HasActiveAttempt: true } loop)
            {
                return;
            }

            NotifyListeners(static (listener, _) => listener.OnConnected(), default);

            Volatile.Write(ref _state, CreateState(isConnected: true));
            loop.RecordSignal();
            SessionLog.FeedConnected(_log);
        }
    }

    /// <summary>
    /// The connection has proved that it delivered everything until now. After a silence it counts as a new one: what was lost meanwhile is
    /// unknown. Ignored like <see cref="ReportConnected"/>.
    /// </summary>
    public void ReportHeartbeat()
    {
        lock (_lock)
        {
            if (_loop is { HasActiveAttempt: true } loop && _state.TryRecordHeartbeat())
            {
                loop.RecordSignal();
            }
            else
            {
                ReportConnected();
            }
        }
    }

    /// <summary>The connection is lost.</summary>
    internal void ReportDisconnected()
    {
        lock (_lock)
        {
            if (!_state.IsConnected)
            {
                return;
            }

            Volatile.Write(ref _state, CreateState(isConnected: false));
            NotifyListeners(static (listener, _) => listener.OnDisconnected(), default);
        }
    }

    /// <summary>Disconnects, and waits until it is done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
            _listeners = [];
            StopLoop();
        }

        await _loopShutdown.ConfigureAwait(false);
    }

    /// <summary>Runs something that must not cross with a heartbeat.</summary>
    internal void RunLocked(Action action)
    {
        lock (_lock)
        {
            action();
        }
    }

    private FeedState CreateState(bool isConnected) =>
        new(_time, isConnected, _listen is null ? Timeout.InfiniteTimeSpan : HeartbeatTimeout);

    /// <summary>
    /// A listener must not throw. If it does, the other listeners are called all the same and the feed goes on; within a process, the call
    /// that made the change fails.
    /// </summary>
    private void NotifyListeners(Action<ISessionChangeListener, SessionChange> notify, SessionChange change)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                notify(listener, change);
            }
            catch (Exception e) when (_listen is not null)
            {
                SessionLog.ListenerFailed(_log, e);
            }
        }
    }

    private void Unsubscribe(ISessionChangeListener listener)
    {
        lock (_lock)
        {
            var at = Array.IndexOf(_listeners, listener);
            _listeners = at < 0 ? _listeners : [.. _listeners[..at], .. _listeners[(at + 1)..]];
            if (_listeners.Length == 0)
            {
                StopLoop();
            }
        }
    }

    private void StopLoop()
    {
        if (_loop is { } loop)
        {
            _loop = null;
            // At once, and not only when the connection is closed: a listener that subscribes meanwhile then waits for the next connection.
            Volatile.Write(ref _state, CreateState(isConnected: false));
            _loopShutdown = loop.DisposeAsync().AsTask();
        }
    }

    private sealed class Subscription(ChangeFeedBroker broker, ISessionChangeListener listener) : IDisposable
    {
        private ISessionChangeListener? _listener = listener;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _listener, null) is { } listener)
            {
                broker.Unsubscribe(listener);
            }
        }
    }
}
