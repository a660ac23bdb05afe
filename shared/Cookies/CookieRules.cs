using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// What a cookie should be like, what a browser asks of one before it keeps it, in sentences that say what to do, and how it is taken back.
/// </summary>
internal static class CookieRules
{
    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    /// <summary>
    /// A cookie as it should be unless there is a reason: for the whole host, over TLS only, out of reach of scripts, and not on foreign
    /// requests that change anything.
    /// </summary>
    public static CookieBuilder CreateBuilder() =>
        new()
        {
            Path = "/",
            SecurePolicy = CookieSecurePolicy.Always,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
        };

    /// <summary>
    /// Makes the attributes of a cookie those of its deletion. A browser deletes only what is named with the attributes that it was set
    /// with, so the rest stays.
    /// </summary>
    public static CookieOptions ToDeletionOptions(CookieOptions options)
    {
        options.Expires = DateTimeOffset.UnixEpoch;
        options.MaxAge = TimeSpan.Zero;
        return options;
    }

    /// <summary>
    /// Whether browsers accept a cookie of that name only for the whole host and for no other, so that there is one at the most.
    /// </summary>
    public static bool IsHostOnlyName(string name) => HasPrefix(name, "__Host-");

    /// <summary>The strictest prefix of RFC 6265bis that the attributes of a cookie allow.</summary>
    public static string GetPrefix(CookieBuilder cookie) =>
        cookie.SecurePolicy != CookieSecurePolicy.Always ? ""
        : cookie.Path == "/" && string.IsNullOrEmpty(cookie.Domain) ? "__Host-"
        : "__Secure-";

    /// <summary>What is not wrong, but less than it could be.</summary>
    public static IEnumerable<string> GetWarnings(CookieBuilder cookie)
    {
        var name = cookie.Name ?? string.Empty;
        if (!(HasPrefix(name, "__Host-") || HasPrefix(name, "__Secure-") || HasPrefix(name, "__Http-")))
        {
            yield return $"Cookie.Name \"{name}\" has no prefix, so another host of the site, or a connection without TLS, can plant a cookie of that name; "
                + (
                    GetPrefix(cookie) is { Length: > 0 } prefix
                        ? $"leave the name out, or begin it with {prefix}."
                        : "set Cookie.SecurePolicy to Always and leave the name out. For development on http://localhost it may stay."
                );
        }
    }

    public static IEnumerable<string> GetFailures(CookieBuilder cookie)
    {
        var name = cookie.Name ?? string.Empty;
        var secure = cookie.SecurePolicy == CookieSecurePolicy.Always;
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            yield return $"Cookie.Name is \"{name}\", which no cookie can be called; use letters, digits, '-' and '_'.";
        }

        if (HasPrefix(name, "__Host-") && !(secure && cookie.Path == "/" && string.IsNullOrEmpty(cookie.Domain)))
        {
            yield return $"Cookie.Name \"{name}\" begins with __Host-, which browsers accept only with Secure, Path \"/\" and no Domain (RFC 6265bis section 4.1.3.2); "
                + "set Cookie.SecurePolicy to Always, Cookie.Path to \"/\" and leave Cookie.Domain out, or give the cookie a name without the prefix.";
        }

        if (HasPrefix(name, "__Secure-") && !secure)
        {
            yield return $"Cookie.Name \"{name}\" begins with __Secure-, which browsers accept only with Secure (RFC 6265bis section 4.1.3.1); "
                + "set Cookie.SecurePolicy to Always, or give the cookie a name without the prefix.";
        }

        if ((HasPrefix(name, "__Http-") || HasPrefix(name, "__Host-Http-")) && !(secure && cookie.HttpOnly))
        {
            yield return $"Cookie.Name \"{name}\" begins with {(HasPrefix(name, "__Http-") ? "__Http-" : "__Host-Http-")}, which browsers accept only with Secure and HttpOnly; "
                + "set Cookie.SecurePolicy to Always and Cookie.HttpOnly to true, or give the cookie a name without the prefix.";
        }

        if (cookie.SameSite == SameSiteMode.None && !secure)
        {
            yield return "Cookie.SameSite is None, which browsers accept only with Secure (RFC 6265bis section 4.1.2.7); set Cookie.SecurePolicy to Always.";
        }

        if (cookie.Path is { Length: > 0 } path && path[0] != '/')
        {
            yield return $"Cookie.Path is \"{path}\"; let it begin with \"/\".";
        }
    }

    // Browsers compare the prefixes without regard to case.
    private static bool HasPrefix(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
