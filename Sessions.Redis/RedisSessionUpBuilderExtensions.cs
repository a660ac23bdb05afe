using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
    /// Keeps the sessions of this name in Redis. Without <see cref="RedisSessionOptions.Configuration"/> they use the application's own connection: the
    /// <see cref="IConnectionMultiplexer"/> among its services.
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
        // The last UseRedis wins: nothing of an earlier one stays, while what else configures the options does.
        var earlier = builder.Services.Where(service =>
            service.ImplementationInstance is RedisOptionsSetup setup && setup.Name == builder.Name
        );
        foreach (var service in earlier.ToList())
        {
            builder.Services.Remove(service);
        }

        builder.Services.AddSingleton<IConfigureOptions<RedisSessionOptions>>(new RedisOptionsSetup(builder.Name, connection, configure));
        builder
            .Services.AddOptions<RedisSessionOptions>(builder.Name)
            .Validate(static options => RedisSessionKeys.IsValidPrefix(options.KeyPrefix!), RedisSessionKeys.InvalidPrefixMessage)
            .Validate(
                static options => options.Configuration is null || RedisConnection.IsValidConfiguration(options.Configuration),
                "The configuration for Redis names no server, or holds a setting that StackExchange.Redis does not know; write for instance 'localhost:6379'."
            )
            .ValidateOnStart();
        return builder.UseStore(services => Create(services, builder.Name));
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

    private static RedisSessionStore Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<RedisSessionOptions>>().Get(name);
        var connection = options.Configuration is null
            ? new RedisConnection(() => Task.FromResult(options.Connection!(services)), ownsConnection: false)
            : RedisConnection.Create(options);
        return new(
            connection,
            options.KeyPrefix,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(name).ShardKey,
            services.GetRequiredService<ILogger<RedisSessionStore>>(),
            services.GetRequiredKeyedService<CorruptRecordReporter>(name)
        );
    }

    private sealed class RedisOptionsSetup(
        string name,
        Func<IServiceProvider, IConnectionMultiplexer> connection,
        Action<RedisSessionOptions>? configure
    )
        : ConfigureNamedOptions<RedisSessionOptions>(
            name,
            options =>
            {
                options.Connection = connection;
                configure?.Invoke(options);
                options.KeyPrefix ??= name.Length == 0 ? RedisSessionKeys.DefaultPrefix : $"{RedisSessionKeys.DefaultPrefix}{name}:";
            }
        );
}
