using System.Collections;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions.AspNetCore;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>The services of sessions: what all names share, and what each name has of its own.</summary>
internal static class NamedSessionRegistration
{
    /// <summary>Adds the services of a name, once.</summary>
    public static void Add(IServiceCollection services, string name)
    {
        if (!AddShared(services).Add(name))
        {
            return;
        }

        services.AddOptions<SessionHttpOptions>(name).ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) => CreateManager(provider, name));
        services.AddKeyedSingleton(name, (provider, _) => CreateAdministration(provider, name));
        services.AddKeyedSingleton(name, (provider, _) => CreateReporter(provider, name));
        services.AddKeyedSingleton(name, (provider, _) => CreateHttpServices(provider, name));
        if (name.Length == 0)
        {
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<SessionManager>(Options.DefaultName));
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<SessionAdministration>(Options.DefaultName));
            services.AddSingleton(static provider => provider.GetRequiredKeyedService<ISessionStore>(Options.DefaultName));
        }
    }

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
        AddSharedHttp(services);
        return names;
    }

    private static void AddSharedHttp(IServiceCollection services)
    {
        services.TryAddSingleton<IUserAgentReader, UserAgentReader>();
        services.AddSingleton<IPostConfigureOptions<SessionHttpOptions>, SessionHttpOptionsDefaults>();
        services.AddSingleton<IValidateOptions<SessionHttpOptions>, SessionHttpOptionsValidator>();
        ResponseGuardStartupFilter.Add(services);
        services.AddSingleton<SessionFailureMiddleware>();
        services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<SessionFailureMiddleware>());
        services.AddSingleton<IExceptionHandler>(static provider => provider.GetRequiredService<SessionFailureMiddleware>());
        services.AddSingleton<IStartupFilter, SessionEndpointValidationStartupFilter>();

        // After the application, which may have cleared the filters.
        services
            .AddOptions<MvcOptions>()
            .PostConfigure<IServiceProvider>(static (options, provider) => options.Filters.Add(new SessionMvcFilter(provider)));
    }

    private static SessionManager CreateManager(IServiceProvider services, string name) =>
        new(
            name,
            services.GetRequiredKeyedService<ISessionStore>(name),
            services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SessionManager>>(),
            new SessionMetrics(services.GetRequiredService<IMeterFactory>(), name)
        );

    private static SessionAdministration CreateAdministration(IServiceProvider services, string name) =>
        new(services.GetRequiredKeyedService<SessionManager>(name));

    private static CorruptRecordReporter CreateReporter(IServiceProvider services, string name) =>
        new(
            name,
            services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(name).Events,
            services.GetRequiredService<ILogger<CorruptRecordReporter>>()
        );

    private static NamedSessionServices CreateHttpServices(IServiceProvider services, string name) =>
        new(
            name,
            services.GetRequiredKeyedService<SessionManager>(name),
            services.GetRequiredService<IOptionsMonitor<SessionHttpOptions>>().Get(name),
            new ClientInfoReader(
                services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(name),
                services.GetRequiredService<IUserAgentReader>()
            ),
            services.GetKeyedService<SessionUserLoader>(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<NamedSessionServices>>()
        );
}

/// <summary>The names that AddSessionUp was called with, each once, in order.</summary>
internal sealed class SessionUpNames : IEnumerable<string>
{
    private readonly List<string> _names = [];

    public bool Add(string name)
    {
        if (_names.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        _names.Add(name);
        return true;
    }

    public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
