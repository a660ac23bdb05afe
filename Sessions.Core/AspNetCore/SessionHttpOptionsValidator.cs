using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Sessions.AspNetCore;

/// <summary>Checks options in sentences that say what to do.</summary>
internal sealed class SessionHttpOptionsValidator : IValidateOptions<SessionHttpOptions>
{
    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    public ValidateOptionsResult Validate(string? name, SessionHttpOptions options)
    {
        var failures = CookieFailures(options.Cookie).Concat(OtherFailures(options)).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> CookieFailures(CookieBuilder cookie)
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

        if (cookie.SameSite == SameSiteMode.None && !secure)
        {
            yield return "Cookie.SameSite is None, which browsers accept only with Secure (RFC 6265bis section 4.1.2.7); set Cookie.SecurePolicy to Always.";
        }

        if (cookie.Expiration is not null || cookie.MaxAge is not null)
        {
            yield return "Cookie.Expiration or Cookie.MaxAge is set, but the session decides how long its cookie lives; leave it out and set SessionUpOptions.Lifetime.";
        }

        if (cookie.Path is { Length: > 0 } path && path[0] != '/')
        {
            yield return $"Cookie.Path is \"{path}\"; let it begin with \"/\".";
        }
    }

    private static IEnumerable<string> OtherFailures(SessionHttpOptions options)
    {
        foreach (var origin in options.AllowedOrigins)
        {
            if (Origin.Canonical(origin) is null)
            {
                yield return $"AllowedOrigins holds \"{origin}\", which is no origin; write scheme, host and port only, as in https://app.example.com or http://localhost:3000.";
            }
        }

        if (options.LoginPath is { } login && !ReturnUrl.IsLocal(login))
        {
            yield return $"LoginPath is \"{login}\"; set it to a path of this application that begins with one \"/\" and is escaped where it is not ASCII, such as /login.";
        }

        if (string.IsNullOrWhiteSpace(options.ReturnUrlParameter))
        {
            yield return "ReturnUrlParameter is empty; name a query parameter, such as returnUrl.";
        }
    }

    // Browsers compare the prefixes without regard to case.
    private static bool HasPrefix(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
