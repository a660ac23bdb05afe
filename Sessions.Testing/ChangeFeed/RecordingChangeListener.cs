namespace Sessions.Testing;

/// <summary>Records what a change feed publishes, and lets a test wait for it. Safe to use from many threads.</summary>
public sealed class RecordingChangeListener : ISessionChangeListener
{
    private readonly Lock _gate = new();
    private readonly List<SessionChange> _changes = [];
    private readonly List<(Func<bool> IsSo, TaskCompletionSource Became)> _waiters = [];
    private int _connections;
    private int _disconnections;

    /// <summary>The changes so far, the earliest first.</summary>
    public IReadOnlyList<SessionChange> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>How often <see cref="OnConnected"/> was called.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections;
            }
        }
    }

    /// <summary>How often <see cref="OnDisconnected"/> was called.</summary>
    public int Disconnections
    {
        get
        {
            lock (_gate)
            {
                return _disconnections;
            }
        }
    }

    /// <summary>Waits for a change of this session.</summary>
    public Task WaitForChangeAsync(SessionId id, CancellationToken cancellationToken) =>
        WaitAsync(() => _changes.Exists(change => change.Id == id), cancellationToken);

    /// <summary>Waits until <see cref="OnConnected"/> was called so often in all.</summary>
    public Task WaitForConnectionsAsync(int times, CancellationToken cancellationToken) =>
        WaitAsync(() => _connections >= times, cancellationToken);

    /// <summary>Waits until <see cref="OnDisconnected"/> was called so often in all.</summary>
    public Task WaitForDisconnectionsAsync(int times, CancellationToken cancellationToken) =>
        WaitAsync(() => _disconnections >= times, cancellationToken);

    /// <inheritdoc />
    public void OnChange(SessionChange change) => Record(() => _changes.Add(change));

    /// <inheritdoc />
    public void OnConnected() => Record(() => _connections++);

    /// <inheritdoc />
    public void OnDisconnected() => Record(() => _disconnections++);

    private void Record(Action update)
    {
        lock (_gate)
        {
            update();
            _waiters.RemoveAll(static awaited => awaited.IsSo() && awaited.Became.TrySetResult());
        }
    }

    private Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var became = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, became));
            return became.Task.WaitAsync(cancellationToken);
        }
    }
}
