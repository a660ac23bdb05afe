using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;
using Sessions.Cookies.Protection;

namespace Sessions;

/// <summary>
/// How the cookie sessions of one name are kept and protected. Named options, set with <c>AddCookieSessions</c>; checked when the host
/// starts. Without <see cref="Encrypt"/> or <see cref="Sign"/>, ASP.NET Core Data Protection protects them: servers then have to share its
/// keys.
/// </summary>
public sealed class CookieSessionOptions
{
    /// <summary>
    /// The cookie. Default: the name of the sessions behind <c>__Host-</c> (RFC 6265bis section 4.1.3), <c>Path=/</c>, <c>Secure</c>,
    /// <c>HttpOnly</c>, <c>SameSite=Lax</c>; with <c>__Secure-</c> where <c>Path</c> or <c>Domain</c> forbid it, without a prefix where <c>Secure</c> is
    /// left out. How long it lives is decided by what follows.
    /// </summary>
    public CookieBuilder Cookie { get; } = CookieRules.CreateBuilder();

    /// <summary>
    /// When a session ends at the latest, counted from its first <c>Set</c> by the server, whatever the browser does. From 1 second to 400
    /// days, as long as browsers keep a cookie (RFC 6265bis section 5.5). Default: 7 days.
    /// </summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// After how long without use a session ends earlier. A use is a request that reads it; the cookie is written anew when a tenth of
    /// this time has passed. From 1 second to <see cref="Lifetime"/>. Default: null, use makes no difference.
    /// </summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Whether the browser keeps the cookie when it closes. Default: true.</summary>
    public bool IsPersistent { get; set; } = true;

    /// <summary>
    /// How far the clock of another server may run ahead: a cookie that was issued later than that is not accepted. From 0 to 1 hour.
    /// Default: 5 minutes.
    /// </summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many cookies a session may take when it does not fit into one, which browsers limit to 4096 bytes (RFC 6265bis section 5.7).
    /// From 1 to 7: more do not fit into the 32 KiB of headers that Kestrel reads. All of them come with every request. Default: 1.
    /// </summary>
    public int MaxChunks { get; set; } = 1;

    /// <summary>
    /// A cookie was shown that is no session. Handlers run one after the other before the response starts, and not at all when it had
    /// started before the cookie was read. One that throws is logged and fails nothing. Add with <c>+=</c>.
    /// </summary>
    public Func<CookieSessionRejectedContext, ValueTask>? OnRejected { get; set; }

    internal CookieProtectionKind Kind { get; private set; }

    internal IReadOnlyList<CookieKey> Keys { get; private set; } = [];

    /// <summary>
    /// Encrypts with AES-256-GCM under keys that all servers share. The first key writes, all read. To change it, put the new one first,
    /// and take the old one away when <see cref="Lifetime"/> has passed. With several servers, let all read the new key before the first
    /// one writes with it.
    /// </summary>
    public void Encrypt(params CookieKey[] keys) => Protect(CookieProtectionKind.Encrypted, keys);

    /// <summary>
    /// Signs with HMAC-SHA256 under keys that all servers share, and hides nothing: the user of the browser can read what is in the cookie,
    /// and so do scripts when <c>Cookie.HttpOnly</c> is false. Keys change as with <see cref="Encrypt"/>.
    /// </summary>
    public void Sign(params CookieKey[] keys) => Protect(CookieProtectionKind.Signed, keys);

    /// <summary>
    /// For development on http://localhost: no <c>Secure</c>, hence no prefix to the name, and the rest as in production.
    /// </summary>
    public void UseDevelopmentCookie() => Cookie.SecurePolicy = CookieSecurePolicy.None;

    private void Protect(CookieProtectionKind kind, CookieKey[] keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        (Kind, Keys) = (kind, [.. keys]);
    }
}
