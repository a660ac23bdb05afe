namespace Sessions.Sqlite;

/// <summary>A write that waits for its commit.</summary>
internal abstract class SqliteWriteRequest(bool isDurable)
{
    /// <summary>Whether its commit must survive a power cut. Of some it is known only when they have run.</summary>
    public bool IsDurable { get; protected set; } = isDurable;

    /// <summary>Why the last run failed.</summary>
    public Exception? Error { get; set; }

    /// <summary>Whether it is to be run: its caller has not cancelled it, and from now on cannot.</summary>
    public abstract bool TryStart();

    /// <summary>Does the work and holds its outcome back until the commit. False: it failed, and what it did is to be undone.</summary>
    public abstract bool Run(SqliteSessionConnection connection);

    /// <summary>Gives the caller the outcome of the last run.</summary>
    public abstract void Complete();

    /// <summary>Fails the caller, since nothing was committed.</summary>
    public abstract void Fail(Exception error);
}

/// <inheritdoc />
internal sealed class SqliteWriteRequest<T> : SqliteWriteRequest
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int Cancelled = 2;

    private readonly Func<SqliteSessionConnection, T> _work;
    private readonly Func<T, bool>? _isResultDurable;
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;
    private T? _result;
    private int _state;

    /// <param name="work">Does the work.</param>
    /// <param name="isDurable">Whether its commit must survive a power cut, whatever comes of it.</param>
    /// <param name="isResultDurable">Whether it must with this outcome; null: as <paramref name="isDurable"/> says.</param>
    /// <param name="cancellationToken">Has an effect until the work begins.</param>
    public SqliteWriteRequest(
        Func<SqliteSessionConnection, T> work,
        bool isDurable,
        Func<T, bool>? isResultDurable,
        CancellationToken cancellationToken
    )
        : base(isDurable)
    {
        (_work, _isResultDurable) = (work, isResultDurable);
        _cancellation = cancellationToken.UnsafeRegister(static (write, token) => ((SqliteWriteRequest<T>)write!).Cancel(token), this);
    }

    public Task<T> Task => _done.Task;

    public override bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) != Cancelled;

    public override bool Run(SqliteSessionConnection connection)
    {
        Error = null;
        try
        {
            _result = _work(connection);
            IsDurable = IsDurable || (_isResultDurable?.Invoke(_result) ?? false);
        }
        catch (Exception e)
        {
            // Every failure goes to the caller, and the writer goes on.
            Error = e;
        }

        return Error is null;
    }

    public override void Complete()
    {
        _cancellation.Unregister();
        if (Error is null)
        {
            _done.TrySetResult(_result!);
        }
        else
        {
            _done.TrySetException(Error);
        }
    }

    public override void Fail(Exception error)
    {
        Error = error;
        Complete();
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
        {
            _done.TrySetCanceled(cancellationToken);
        }
    }
}
