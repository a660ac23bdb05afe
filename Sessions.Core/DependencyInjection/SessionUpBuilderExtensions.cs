using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sessions;
using Sessions.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Sets up the sessions of one name: how they travel over HTTP, their user, a cache, the tickets of cookie authentication.
/// </summary>
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
    /// Loads the application's own object for the user of a session, once a request, before the endpoint;
    /// <c>http.GetSessionUser&lt;TUser&gt;()</c> has it. When loading throws, the answer is 503; when there is no such user, it is 401. The
    /// last loader set under a name wins.
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

    /// <summary>
    /// Puts a bounded cache in front of the store of this name, so that most requests need no store call. It may only say yes, and never
    /// longer than <see cref="SessionCacheOptions.MaxStaleness"/> after the store was read; where the store has a change feed (Memory,
    /// Redis, Postgres) an ended session is refused on every node within its latency. An endpoint that must not rely on it says
    /// <c>.RequireSession(authoritative: true)</c>.
    /// </summary>
    public static SessionUpBuilder UseCache(this SessionUpBuilder builder, Action<SessionCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<SessionUpOptions>(
            builder.Name,
            options =>
            {
                options.Cache ??= new SessionCacheOptions();
                configure?.Invoke(options.Cache);
            }
        );
        return builder;
    }

    /// <summary>
    /// Keeps the tickets of ASP.NET Core's cookie authentication (Identity, OpenID Connect) as sessions of this name, so that they can be
    /// listed and ended at once; the cookie holds only a reference. A ticket is encrypted with Data Protection and counts towards
    /// <see cref="SessionUpOptions.MaxValuesBytes"/>. Behind <c>UseAuthentication</c> the filters and verbs know these sessions too.
    /// </summary>
    /// <param name="builder">The sessions.</param>
    /// <param name="scheme">The cookie scheme, for instance <c>Identity.Application</c>.</param>
    public static SessionUpBuilder AddTicketStore(
        this SessionUpBuilder builder,
        string scheme = CookieAuthenticationDefaults.AuthenticationScheme
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDataProtection();
        builder
            .Services.AddOptions<CookieAuthenticationOptions>(scheme)
            .Configure<IServiceProvider>(
                (options, services) =>
                    options.SessionStore = new SessionTicketStore(
                        NamedSessionServices.Resolve(services, builder.Name),
                        new SessionTicketProtector(services.GetRequiredService<IDataProtectionProvider>(), builder.Name),
                        services.GetRequiredService<TimeProvider>()
                    )
            )
            .PostConfigure<IServiceProvider>(
                (options, services) =>
                    (options.Events, options.EventsType) = (
                        new SessionTicketEvents(NamedSessionServices.Resolve(services, builder.Name), options.Events, options.EventsType),
                        null
                    )
            );
        return builder;
    }
}
