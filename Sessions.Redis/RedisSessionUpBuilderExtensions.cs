using Sessions;
using Sessions.Redis;
using Sessions.Stores;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps sessions in Redis.</summary>
public static class RedisSessionUpBuilderExtensions
{
    /// <summary>Keeps the sessions of this name in Redis, on a connection of their own.</summary>
    /// <param name="builder">From AddSessionUp.</param>
    /// <param name="configuration">See <see cref="RedisSessionOptions.Configuration"/>.</param>
    public static SessionUpBuilder UseRedis(this SessionUpBuilder builder, string configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return builder.UseRedis(options => options.Configuration = configuration);
    }

    /// <summary>
    /// Keeps the sessions of this name in Redis. Without <see cref="RedisSessionOptions.Configuration"/> they use the application's own
    /// connection: the <see cref="IConnectionMultiplexer"/> among its services.
    /// </summary>
    /// <param name="builder">From AddSessionUp.</param>
    /// <param name="configure">Changes the options.</param>
    public static SessionUpBuilder UseRedis(this SessionUpBuilder builder, Action<RedisSessionOptions>? configure = null) =>
        builder.UseRedis(static services => services.GetRequiredService<IConnectionMultiplexer>(), configure);

    /// <summary>Keeps the sessions of this name in Redis, on a connection that the application makes and closes.</summary>
    /// <param name="builder">From AddSessionUp.</param>
    /// <param name="connection">Finds the connection, when it is first needed.</param>
    /// <param name="configure">Changes the options.</param>
    public static SessionUpBuilder UseRedis(
        this SessionUpBuilder builder,
        Func<IServiceProvider, IConnectionMultiplexer> connection,
        Action<RedisSessionOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connection);
        return builder.UseStore<RedisSessionOptions>(
            (options, services) =>
            {
                options.ConnectionFactory = () => connection(services);
                configure?.Invoke(options);
            },
            static (options, context) =>
            {
                options.KeyPrefix ??= $"{context.FormatName("sessions", ":")}:";
                options.ShardKey ??= context.ShardKey;
            },
            static (options, context) =>
                new RedisSessionStore(options, context.Time, context.Reporter, context.CreateLogger<RedisSessionStore>())
        );
    }

    /// <summary>Keeps the sessions of this name in Redis, on the application's own connection that is registered under a key.</summary>
    /// <param name="builder">From AddSessionUp.</param>
    /// <param name="serviceKey">The key of the <see cref="IConnectionMultiplexer"/> among the services.</param>
    /// <param name="configure">Changes the options.</param>
    public static SessionUpBuilder UseKeyedRedis(
        this SessionUpBuilder builder,
        object serviceKey,
        Action<RedisSessionOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        return builder.UseRedis(services => services.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey), configure);
    }
}
