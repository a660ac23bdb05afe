using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <summary>
/// How the sessions of one name travel over HTTP. Named options, set with <c>ConfigureHttp</c> on what <c>AddSessionUp</c> returns; they
/// bind from configuration and are checked when the host starts.
/// </summary>
public sealed class SessionHttpOptions
{
    /// <summary>
    /// The cookie's name when none is set: <c>__Host-sid</c>, and <c>__Host-sid-NAME</c> for sessions of another name. With a domain or a
    /// path it begins with <c>__Secure-</c> instead, without <c>Secure</c> with neither.
    /// </summary>
    public const string DefaultCookieName = "__Host-sid";

    /// <summary>
    /// The cookie. Default: <see cref="DefaultCookieName"/> (neutral, as OWASP asks, and with a prefix that keeps other hosts from planting
    /// it: RFC 6265bis section
    /// 4.1.3), <c>Path=/</c>, <c>Secure</c>, <c>HttpOnly</c>, <c>SameSite=Lax</c>. How long it lives is decided by the session, not here.
    /// </summary>
    public CookieBuilder Cookie { get; } = CookieRules.CreateBuilder();

    /// <summary>
    /// Whether a token is also taken from <c>Authorization: Bearer TOKEN</c> (RFC 6750 section 2.1). A request that has such a header is
    /// authenticated by it alone, its cookie is not looked at, and the cross-origin rule does not apply, since no browser adds the header
    /// on its own. Default: false.
    /// </summary>
    public bool AllowBearerTokens { get; set; }

    /// <summary>
    /// Origins besides the request's own, such as <c>https://app.example.com</c>, that may send unsafe requests and open WebSockets with
    /// the cookie. Exact: no wildcards. Default: none.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Where a browser without a session is led to, a path of this application such as <c>/login</c>; other clients get 401 all the same.
    /// Default: nowhere.
    /// </summary>
    public string? LoginPath { get; set; }

    /// <summary>
    /// The query parameter of <see cref="LoginPath"/> that says where the browser wanted to go; read it with
    /// <see cref="HttpContextSessionExtensions.GetSessionReturnUrl"/>. Default: <c>returnUrl</c>.
    /// </summary>
    public string ReturnUrlParameter { get; set; } = "returnUrl";

    /// <summary>
    /// Answers in place of the default when a request is refused: no session (401), a foreign origin (403), the store cannot be reached
    /// (503). Default: problem details (RFC 9457), or the way to <see cref="LoginPath"/>.
    /// </summary>
    public Func<SessionRejectedContext, ValueTask>? OnRejected { get; set; }

    /// <summary>
    /// Sets <c>SameSite=Strict</c>: the cookie is never sent when another site leads here. The price: a user who follows a link from a
    /// mail, or comes back from an identity provider, arrives signed out. Unsafe requests are held off either way.
    /// </summary>
    public void UseStrictCookie() => Cookie.SameSite = SameSiteMode.Strict;

    /// <summary>
    /// For development on http://localhost: no <c>Secure</c>, hence no prefix to the name, and the rest as in production.
    /// </summary>
    public void UseDevelopmentCookie() => Cookie.SecurePolicy = CookieSecurePolicy.None;

    /// <summary>
    /// Gives the cookie to all hosts of a domain, or only to a part of this one. The name follows, unless it is set: <c>__Secure-sid</c>.
    /// Browsers that hold a cookie of before are signed in with it all the same; the next sign-in takes it back.
    /// </summary>
    /// <param name="domain">The domain, such as <c>example.com</c>; null: only the host that sets it.</param>
    /// <param name="path">The path that all addresses begin with which need the session. Default: the whole host.</param>
    public void UseCookieScope(string? domain = null, string path = "/") => (Cookie.Domain, Cookie.Path) = (domain, path);

    /// <summary>
    /// What of this site the browser clears when a user signs out (<c>Clear-Site-Data</c>, W3C), over HTTPS only. Default: nothing.
    /// </summary>
    public ClearedSiteData ClearOnSignOut { get; set; }
}

/// <summary>What a browser clears of a site, as <c>Clear-Site-Data</c> names it. Values can be combined.</summary>
[Flags]
public enum ClearedSiteData
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What it has cached of this origin.</summary>
    Cache = 1,

    /// <summary>
    /// All cookies of the registrable domain, those of other hosts and applications included. Left out where the sign-out begins a
    /// visitor's session, whose cookie would go too.
    /// </summary>
    Cookies = 2,

    /// <summary>What scripts and service workers of this origin have stored.</summary>
    Storage = 4,
}
