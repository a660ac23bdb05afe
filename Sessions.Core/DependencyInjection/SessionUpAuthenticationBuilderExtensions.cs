using Microsoft.AspNetCore.Authentication;
using Sessions;
using Sessions.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Joins sessions to ASP.NET Core's authentication.</summary>
public static class SessionUpAuthenticationBuilderExtensions
{
    /// <summary>
    /// Adds an authentication scheme, so that <c>[Authorize]</c>, policies, Razor Pages, SignalR and gRPC know the user of a session: the
    /// user key is <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, the rest is in <see cref="SessionClaims"/>. Refusals are
    /// the filters' own, and the cross-origin rule holds. The scheme is called <see cref="SessionAuthenticationOptions.DefaultScheme"/>, or
    /// <c>SessionUp-NAME</c>.
    /// </summary>
    public static AuthenticationBuilder AddSessionUp(this AuthenticationBuilder builder, string name = "")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddScheme<SessionAuthenticationOptions, SessionAuthenticationHandler>(
            SessionAuthenticationOptions.GetScheme(name),
            options => options.SessionName = name
        );
    }
}
