using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions;
using Sessions.AspNetCore;
using Sessions.Cookies;
using Sessions.Cookies.Protection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sessions that clients keep in their cookies.</summary>
public static class ServiceCollectionCookieSessionExtensions
{
    private const string Reflection =
        "JSON by reflection. Use the overload with a JsonTypeInfo where code is trimmed or compiled ahead of time.";

    /// <summary>Adds sessions that keep a <typeparamref name="TData"/>, as JSON in its web form (camel case).</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">Names the options, and the cookie unless that is named otherwise. Cookies are bound to it: a changed name makes
    /// the old ones worthless.</param>
    /// <param name="configure">Protection, times and cookie.</param>
    /// <exception cref="SessionConfigurationException">The name is taken by sessions that keep something else.</exception>
    [RequiresUnreferencedCode(Reflection), RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCookieSessions<TData>(
        this IServiceCollection services,
        string name,
        Action<CookieSessionOptions>? configure = null
    )
        where TData : class =>
        services.AddCookieSessions(name, (JsonTypeInfo<TData>)JsonSerializerOptions.Web.GetTypeInfo(typeof(TData)), configure);

    /// <summary>
    /// Adds sessions that keep a <typeparamref name="TData"/>, without reflection and in the form that <paramref name="type"/> says.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">Names the options, and the cookie unless that is named otherwise. Cookies are bound to it: a changed name makes
    /// the old ones worthless.</param>
    /// <param name="type">The shape of the data, out of a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    /// <param name="configure">Protection, times and cookie.</param>
    /// <exception cref="SessionConfigurationException">The name is taken by sessions that keep something else.</exception>
    public static IServiceCollection AddCookieSessions<TData>(
        this IServiceCollection services,
        string name,
        JsonTypeInfo<TData> type,
        Action<CookieSessionOptions>? configure = null
    )
        where TData : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        var options = services.AddOptions<CookieSessionOptions>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        AddShared(services);
        var names = services.Select(static service => service.ImplementationInstance).OfType<CookieSessionRegistration>();
        if (names.FirstOrDefault(known => known.Name == name) is not { } taken)
        {
            services.AddSingleton(new CookieSessionRegistration(name, typeof(TData)));
            services.AddSingleton(provider => Create(provider, name, type));
        }
        else if (taken.Type != typeof(TData))
        {
            throw new SessionConfigurationException(
                $"Cookie sessions named \"{name}\" keep {taken.Type.Name} already, so they cannot keep {typeof(TData).Name}; choose another name."
            );
        }

        return services;
    }

    /// <summary>Adds sessions that keep values by key.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">Names the options, and the cookie unless that is named otherwise. Cookies are bound to it: a changed name makes
    /// the old ones worthless.</param>
    /// <param name="configure">Protection, times and cookie.</param>
    /// <exception cref="SessionConfigurationException">The name is taken by sessions that keep something else.</exception>
    public static IServiceCollection AddCookieSessions(
        this IServiceCollection services,
        string name,
        Action<CookieSessionOptions>? configure = null
    ) => services.AddCookieSessions(name, CookieValueJsonContext.Default.CookieValueMap, configure);

    /// <summary>What all names share, added once.</summary>
    private static void AddShared(IServiceCollection services)
    {
        ResponseGuardStartupFilter.Add(services);
        services.AddLogging();
        services.AddDataProtection();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<CookieSessionOptions>, CookieSessionOptionsDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CookieSessionOptions>, CookieSessionOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CookieSessionStartupValidator>());
    }

    private static CookieSessionManager<TData> Create<TData>(IServiceProvider services, string name, JsonTypeInfo<TData> type)
        where TData : class
    {
        var options = services.GetRequiredService<IOptionsMonitor<CookieSessionOptions>>().Get(name);
        var binding = new CookiePurpose(name, options.Cookie.Name!);
        return new(
            name,
            options,
            options.Kind switch
            {
                CookieProtectionKind.Encrypted => new EncryptedCookieProtector(binding, options.Keys),
                CookieProtectionKind.Signed => new SignedCookieProtector(binding, options.Keys),
                _ => new DataProtectionCookieProtector(binding, services.GetRequiredService<IDataProtectionProvider>()),
            },
            type,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<CookieSession<TData>>>()
        );
    }
}
