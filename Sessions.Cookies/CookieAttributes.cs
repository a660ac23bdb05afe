using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sessions.Cookies;

/// <summary>What browsers ask of a cookie before they keep it.</summary>
internal static class CookieAttributes
{
    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    public static IEnumerable<string> Failures(CookieBuilder cookie)
    {
        var name = cookie.Name ?? "";
        var secure = cookie.SecurePolicy == CookieSecurePolicy.Always;
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            yield return $"Cookie.Name is \"{name}\", which no cookie can be called; use letters, digits, '-' and '_'.";
        }

        if (HasPrefix(name, "__Host-") && !(secure && cookie.Path == "/" && string.IsNullOrEmpty(cookie.Domain)))
        {
            yield return $"Cookie.Name \"{name}\" begins with __Host-, which browsers accept only with Secure, Path \"/\" and no Domain (RFC 6265bis section 4.1.3.2); "
                + "leave these as they are, or give the cookie a name without the prefix.";
        }

        if (HasPrefix(name, "__Secure-") && !secure)
        {
            yield return $"Cookie.Name \"{name}\" begins with __Secure-, which browsers accept only with Secure (RFC 6265bis section 4.1.3.1); "
                + "set Cookie.SecurePolicy to Always, or give the cookie a name without the prefix.";
        }

        if (cookie.SameSite == SameSiteMode.None && !secure)
        {
            yield return "Cookie.SameSite is None, which browsers accept only with Secure (RFC 6265bis section 4.1.2.7); set Cookie.SecurePolicy to Always.";
        }

        if (cookie.Expiration is not null || cookie.MaxAge is not null)
        {
            yield return "Cookie.Expiration or Cookie.MaxAge is set; leave both out and set Lifetime.";
        }

        if (cookie.Path is { Length: > 0 } path && path[0] != '/')
        {
            yield return $"Cookie.Path is \"{path}\"; let it begin with \"/\".";
        }
    }

    // Browsers compare the prefixes without regard to case.
    private static bool HasPrefix(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
