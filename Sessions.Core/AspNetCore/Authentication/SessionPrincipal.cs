using System.Security.Claims;
using System.Security.Principal;

namespace Sessions.AspNetCore;

/// <summary>
/// The user of a request whose session was found by an authentication scheme. The middleware authenticates every request, static files
/// too; a response is made for the session only when the application reads whose it is, by whatever way: a policy, a claim, a name in a
/// page. From then on caches are kept away.
/// </summary>
internal sealed class SessionPrincipal : ClaimsPrincipal
{
    private SessionUpFeature? _feature;

    private SessionPrincipal(ClaimsPrincipal user, SessionUpFeature feature)
        : base(user)
    {
        _feature = feature;
    }

    public override IIdentity? Identity
    {
        get
        {
            Read();
            return base.Identity;
        }
    }

    public override IEnumerable<ClaimsIdentity> Identities
    {
        get
        {
            Read();
            return base.Identities;
        }
    }

    public override IEnumerable<Claim> Claims
    {
        get
        {
            Read();
            return base.Claims;
        }
    }

    /// <summary>The user of a session, whose reading is noticed until the request is over.</summary>
    public static ClaimsPrincipal Create(ClaimsPrincipal user, SessionUpFeature feature)
    {
        if (user.GetType() != typeof(ClaimsPrincipal))
        {
            // A type of the application's own, which it wants to find again.
            feature.ForbidSharing();
            return user;
        }

        var principal = new SessionPrincipal(user, feature);

        // A hub keeps its user for longer than the request, whose objects the server uses again.
        feature.HttpContext.Response.OnCompleted(
            static principal =>
            {
                ((SessionPrincipal)principal)._feature = null;
                return Task.CompletedTask;
            },
            principal
        );
        return principal;
    }

    public override ClaimsPrincipal Clone()
    {
        Read();
        return base.Clone();
    }

    public override IEnumerable<Claim> FindAll(Predicate<Claim> match)
    {
        Read();
        return base.FindAll(match);
    }

    public override IEnumerable<Claim> FindAll(string type)
    {
        Read();
        return base.FindAll(type);
    }

    public override Claim? FindFirst(Predicate<Claim> match)
    {
        Read();
        return base.FindFirst(match);
    }

    public override Claim? FindFirst(string type)
    {
        Read();
        return base.FindFirst(type);
    }

    public override bool HasClaim(Predicate<Claim> match)
    {
        Read();
        return base.HasClaim(match);
    }

    public override bool HasClaim(string type, string value)
    {
        Read();
        return base.HasClaim(type, value);
    }

    public override bool IsInRole(string role)
    {
        Read();
        return base.IsInRole(role);
    }

    private void Read() => _feature?.ForbidSharing();
}
