using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>A connection that is made when it is first needed, once for all who wait, and again when that failed. Closed by whoever made it.</summary>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool ownsConnection) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposal = new();
    private Task<IConnectionMultiplexer>? _connectTask;
    private Task<IConnectionMultiplexer>? _connecting;
    private bool _disposed;

    /// <summary>A connection of our own.</summary>
    public static RedisConnection Create(RedisSessionOptions options)
    {
        var configuration = CreateConfiguration(options);
        return new(async () => await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false), ownsConnection: true);
    }

    public static ConfigurationOptions CreateConfiguration(RedisSessionOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Configuration!);
        options.ConfigureConnection?.Invoke(configuration);
        // A server that is down when the application starts is waited for, in the background; calls fail until it is there.
        configuration.AbortOnConnectFail = false;
        return configuration;
    }

    public static bool IsValidConfiguration(string configuration)
    {
        try
        {
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>What a call tells its caller of a failure; an exception of his own.</summary>
    public static Exception WrapException(Exception e) =>
        e is SessionConfigurationException
            ? new SessionConfigurationException(e.Message, e)
            : new SessionStoreException("Redis cannot be reached or did not do what it was asked; the exception inside says more.", e);

    /// <summary>Sends one command, or several together, and turns every failure of the driver into one of the store.</summary>
    /// <exception cref="SessionConfigurationException">What stands in the way is no failure: it would stand there next time too.</exception>
    public async Task<T> SendAsync<T>(Func<IDatabase, Task<T>> send, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var connection = await GetAsync(cancellationToken).ConfigureAwait(false);
            return await send(connection.GetDatabase()).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw WrapException(e);
        }
    }

    public Task<IConnectionMultiplexer> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connecting is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                // On a thread of the pool: what an application registered as its connection may well block while it connects.
                _connectTask = Task.Run(connect, CancellationToken.None);
                _connecting = _connectTask.WaitAsync(_disposal.Token);
            }

            return _connecting.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (ownsConnection)
            {
                // Also one that is still being made: nobody else would ever close it.
                _ = _connectTask?.ContinueWith(
                    static connected => connected.Result.Dispose(),
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
            }
        }

        // Whoever waits for it would wait for nothing.
        _disposal.Cancel();
        _disposal.Dispose();
    }
}
