using System.Security.Claims;

namespace Sessions;

/// <summary>The claims of a session's user, beside <see cref="ClaimTypes.NameIdentifier"/>, which is the user key.</summary>
public static class SessionClaims
{
    /// <summary>The session id (<c>sid</c>, OpenID Connect Back-Channel Logout section 2.4).</summary>
    public const string SessionId = "sid";

    /// <summary>When the user authenticated, in seconds since the Unix epoch (<c>auth_time</c>, OpenID Connect Core section 2).</summary>
    public const string AuthenticatedAt = "auth_time";

    /// <summary>How the user authenticated (<c>amr</c>, RFC 8176).</summary>
    public const string AuthenticationMethod = "amr";

    internal static ClaimsPrincipal CreatePrincipal(Session session, string userKey, string scheme)
    {
        // The user key is the name too: a session has no other name of the user.
        var identity = new ClaimsIdentity(scheme, ClaimTypes.NameIdentifier, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, userKey));
        identity.AddClaim(new Claim(SessionId, session.Id.ToString()));
        if (session.AuthenticatedAt is { } at)
        {
            var seconds = at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            identity.AddClaim(new Claim(AuthenticatedAt, seconds, ClaimValueTypes.Integer64));
        }

        if (session.AuthenticationMethod is { } method)
        {
            identity.AddClaim(new Claim(AuthenticationMethod, method));
        }

        return new ClaimsPrincipal(identity);
    }
}
