namespace Sessions.Stores;

/// <summary>
/// For authors of stores: something that has to succeed once, such as connecting. Callers share one attempt, and the next call after one
/// that failed makes another.
/// </summary>
/// <typeparam name="T">What comes of it.</typeparam>
/// <param name="attempt">Makes one attempt, on a thread of the pool: it may block. It belongs to all callers, so none of them can cancel
/// it.</param>
public sealed class SharedAttempt<T>(Func<Task<T>> attempt)
{
    private readonly Lock _lock = new();
    private Task<T>? _latest;

    /// <summary>The latest attempt, also one that failed or is under way; null: there was none.</summary>
    public Task<T>? Latest => Volatile.Read(ref _latest);

    /// <summary>Waits for an attempt.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the attempt.</param>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        var latest = Latest;
        if (latest is { IsCompletedSuccessfully: true })
        {
            return latest;
        }

        lock (_lock)
        {
            if (_latest is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _latest = Task.Run(attempt, CancellationToken.None);
            }

            latest = _latest;
        }

        return latest.WaitAsync(cancellationToken);
    }
}
