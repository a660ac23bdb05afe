namespace Sessions.Stores;

/// <summary>
/// For authors of stores: a store that holds something open. It can be disposed both ways, since a container that is disposed synchronously
/// refuses what can only be disposed asynchronously.
/// </summary>
public abstract class DisposableSessionStore : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private Task? _disposing;

    /// <summary>Lets the calls that were begun end, or fail, and closes what the store opened. Later calls wait for the first.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        lock (_lock)
        {
            // On a thread of the pool: a caller that disposes synchronously blocks, perhaps on the one thread on which the work would
            // continue.
            _disposing ??= Task.Run(() => DisposeCoreAsync().AsTask());
            return new(_disposing);
        }
    }

    /// <inheritdoc cref="DisposeAsync" />
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Does the work, once.</summary>
    protected abstract ValueTask DisposeCoreAsync();

    /// <summary>For the beginning of each call.</summary>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposing) is not null, this);
}
