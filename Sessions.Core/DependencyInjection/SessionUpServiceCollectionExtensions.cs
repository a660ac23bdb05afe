using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions;
using Sessions.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sessions to an application.</summary>
public static class SessionUpServiceCollectionExtensions
{
    /// <summary>Adds the default sessions. Their <see cref="SessionManager"/>, <see cref="SessionAdministration"/> and store are keyed services of the empty name, and also unkeyed.</summary>
    /// <returns>Where to say which store is used.</returns>
    public static SessionUpBuilder AddSessionUp(this IServiceCollection services, Action<SessionUpOptions>? configure = null) =>
        services.AddSessionUp(Options.Options.DefaultName, configure);

    /// <summary>Adds sessions of another name, with a store, a cookie and options of their own. Manager, administration and store are services keyed by the name.</summary>
    /// <returns>Where to say which store is used.</returns>
    public static SessionUpBuilder AddSessionUp(this IServiceCollection services, string name, Action<SessionUpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        var options = services.AddOptions<SessionUpOptions>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (AddShared(services).Add(name))
        {
            services.AddKeyedSingleton(name, (provider, _) => CreateManager(provider, name));
            services.AddKeyedSingleton(
                name,
                (provider, _) => new SessionAdministration(provider.GetRequiredKeyedService<SessionManager>(name))
            );
            services.AddKeyedSingleton(name, (provider, _) => CreateReporter(provider, name));
            SessionUpBuilderExtensions.AddHttp(services, name);
            if (name.Length == 0)
            {
                services.AddSingleton(static provider => provider.GetRequiredKeyedService<SessionManager>(Options.Options.DefaultName));
                services.AddSingleton(static provider =>
                    provider.GetRequiredKeyedService<SessionAdministration>(Options.Options.DefaultName)
                );
                services.AddSingleton(static provider => provider.GetRequiredKeyedService<ISessionStore>(Options.Options.DefaultName));
            }
        }

        return new SessionUpBuilder(name, services);
    }

    /// <summary>What all names share, added once.</summary>
    private static SessionUpNames AddShared(IServiceCollection services)
    {
        if (
            services.FirstOrDefault(static service => service.ServiceType == typeof(SessionUpNames))?.ImplementationInstance
            is SessionUpNames names
        )
        {
            return names;
        }

        names = new SessionUpNames();
        services.AddSingleton(names);
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<SessionUpOptions>, SessionUpOptionsValidator>();
        services.AddSingleton<IHostedService, SessionStoreStartup>();
        services.AddSingleton<IHostedService, SessionSweeper>();
        SessionUpBuilderExtensions.AddSharedHttp(services);
        return names;
    }

    private static CorruptRecordReporter CreateReporter(IServiceProvider services, string name) =>
        new(
            name,
            services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(name).Events,
            services.GetRequiredService<ILogger<CorruptRecordReporter>>()
        );

    private static SessionManager CreateManager(IServiceProvider services, string name) =>
        new(
            name,
            services.GetRequiredKeyedService<ISessionStore>(name),
            services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SessionManager>>(),
            new SessionMetrics(services.GetRequiredService<IMeterFactory>(), name)
        );
}
