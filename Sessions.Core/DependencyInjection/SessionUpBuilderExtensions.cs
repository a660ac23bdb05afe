using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions;
using Sessions.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets sessions travel over HTTP.</summary>
public static class SessionUpBuilderExtensions
{
    /// <summary>Says how the sessions of this name travel: cookie, bearer token, allowed origins, login page, answers.</summary>
    public static SessionUpBuilder ConfigureHttp(this SessionUpBuilder builder, Action<SessionHttpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>
    /// Loads the application's own object for the user of a session, once a request, before the endpoint; <c>http.GetSessionUser&lt;TUser&gt;()</c> has it. When loading
    /// throws, the answer is 503; when there is no such user, it is 401. The last loader set under a name wins.
    /// </summary>
    public static SessionUpBuilder LoadUser<TUser>(
        this SessionUpBuilder builder,
        Func<Session, IServiceProvider, CancellationToken, ValueTask<TUser?>> load
    )
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(load);
        builder.Services.RemoveAllKeyed<SessionUserLoader>(builder.Name);
        builder.Services.AddKeyedSingleton<SessionUserLoader>(
            builder.Name,
            async (session, services, cancellationToken) => await load(session, services, cancellationToken).ConfigureAwait(false)
        );
        return builder;
    }

    /// <summary>What all names share, added once.</summary>
    internal static void AddSharedHttp(IServiceCollection services)
    {
        services.TryAddSingleton<IUserAgentReader, UserAgentReader>();
        services.AddSingleton<IPostConfigureOptions<SessionHttpOptions>, SessionHttpOptionsDefaults>();
        services.AddSingleton<IValidateOptions<SessionHttpOptions>, SessionHttpOptionsValidator>();
        services.AddSingleton<SessionFailureMiddleware>();
        services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<SessionFailureMiddleware>());
        services.AddSingleton<IExceptionHandler>(static provider => provider.GetRequiredService<SessionFailureMiddleware>());
        services.AddSingleton<IStartupFilter, SessionEndpointValidationStartupFilter>();
        services
            .AddOptions<MvcOptions>()
            .Configure<IServiceProvider>(static (options, provider) => options.Filters.Add(new SessionMvcFilter(provider)));
    }

    /// <summary>What each name has of its own.</summary>
    internal static void AddHttp(IServiceCollection services, string name)
    {
        services.AddOptions<SessionHttpOptions>(name).ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) => Create(provider, name));
    }

    private static NamedSessionServices Create(IServiceProvider services, string name) =>
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
