using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Sessions;
using Sessions.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Joins sessions to ASP.NET Core's authentication.</summary>
public static class SessionUpAuthenticationBuilderExtensions
{
    /// <summary>
    /// Adds an authentication scheme, so that <c>[Authorize]</c>, policies, Razor Pages, SignalR and gRPC know the user of a session: his user key is
    /// <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, the rest is in <see cref="SessionClaims"/>. Refusals are the filters' own, and the cross-origin rule holds. The
    /// scheme is called <see cref="SessionAuthenticationOptions.DefaultScheme"/>, or <c>SessionUp-NAME</c>.
    /// </summary>
    public static AuthenticationBuilder AddSessionUp(this AuthenticationBuilder builder, string name = "")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddScheme<SessionAuthenticationOptions, SessionAuthenticationHandler>(
            name.Length == 0 ? SessionAuthenticationOptions.DefaultScheme : $"{SessionAuthenticationOptions.DefaultScheme}-{name}",
            options => options.SessionName = name
        );
    }

    /// <summary>
    /// Keeps the tickets of ASP.NET Core's cookie authentication (Identity, OpenID Connect) as sessions of this name, so that they can be listed and ended at once; the
    /// cookie holds only a reference. A ticket is encrypted with Data Protection and counts towards <see cref="SessionUpOptions.MaxValuesBytes"/>. Behind
    /// <c>UseAuthentication</c> the filters and verbs know these sessions too.
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
