using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// A connection that is made when it is first needed, once for all callers, and again when that failed. Closed by the side that made it.
/// </summary>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool ownsConnection) : IDisposable
{
    private readonly SharedAttempt<IConnectionMultiplexer> _attempt = new(connect);
    private readonly CancellationTokenSource _disposal = new();
    private volatile bool _disposed;

    /// <summary>A connection of our own, or the application's.</summary>
    public static RedisConnection Create(RedisSessionOptions options)
    {
        if (options.Configuration is not null)
        {
            var configuration = CreateConfiguration(options);
            return new(async () => await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false), ownsConnection: true);
        }

        return options.Connection is { } connection
            ? new(() => Task.FromResult(connection), ownsConnection: false)
            : new(() => Task.FromResult(options.ConnectionFactory!()), ownsConnection: false);
    }

    public static ConfigurationOptions CreateConfiguration(RedisSessionOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Configuration!);
        options.ConfigureConnection?.Invoke(configuration);
        // The driver keeps trying in the background where a server is down when the application starts; calls fail until it is up.
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

    /// <summary>Sends one command, or several together.</summary>
    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public async Task<T> SendAsync<T>(Func<IDatabase, Task<T>> send, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, typeof(RedisSessionStore));
        try
        {
            var connection = await GetAsync(cancellationToken).ConfigureAwait(false);
            return await send(connection.GetDatabase()).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!e.IsCancelledBy(cancellationToken))
        {
            throw StoreFailure.Create("Redis", e);
        }
    }

    public Task<IConnectionMultiplexer> GetAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(RedisSessionStore));
        var connecting = _attempt.GetAsync(cancellationToken);
        return connecting.IsCompletedSuccessfully ? connecting : connecting.WaitAsync(_disposal.Token);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (ownsConnection)
        {
            // Also a connection that is still being made: no other code would close it.
            _ = _attempt.Latest?.ContinueWith(
                static connected =>
                {
                    // Every call has its answer, or its timeout: the driver would wait for commands of its own, also where no server answers.
                    connected.Result.Close(allowCommandsToComplete: false);
                    connected.Result.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        // A caller that waits for a connection would otherwise wait for ever.
        _disposal.Cancel();
        _disposal.Dispose();
    }
}
