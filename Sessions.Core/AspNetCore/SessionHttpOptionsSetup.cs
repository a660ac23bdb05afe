using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Sessions.AspNetCore;

/// <summary>Checks options in sentences that say what to do.</summary>
internal sealed class SessionHttpOptionsValidator : IValidateOptions<SessionHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionHttpOptions options)
    {
        var failures = CookieRules
            .GetFailures(options.Cookie)
            .Concat(GetLifetimeFailures(options.Cookie))
            .Concat(GetOtherFailures(options))
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> GetLifetimeFailures(CookieBuilder cookie)
    {
        if (cookie.Expiration is not null || cookie.MaxAge is not null)
        {
            yield return "Cookie.Expiration or Cookie.MaxAge is set, but the session decides how long its cookie lives; leave it out and set SessionUpOptions.Lifetime.";
        }
    }

    private static IEnumerable<string> GetOtherFailures(SessionHttpOptions options)
    {
        foreach (var origin in options.AllowedOrigins)
        {
            if (Origin.Canonicalize(origin) is null)
            {
                yield return $"AllowedOrigins holds \"{origin}\", which is no origin; write scheme, host and port only, as in https://app.example.com or http://localhost:3000.";
            }
        }

        if (options.LoginPath is { } login && !ReturnUrl.IsLocal(login))
        {
            yield return $"LoginPath is \"{login}\"; set it to a path of this application that begins with one \"/\" and is escaped where it is not ASCII, such as /login.";
        }

        if ((options.ClearOnSignOut & ~(ClearedSiteData.Cache | ClearedSiteData.Cookies | ClearedSiteData.Storage)) != 0)
        {
            yield return $"ClearOnSignOut is {options.ClearOnSignOut}; combine Cache, Cookies and Storage.";
        }

        if (string.IsNullOrWhiteSpace(options.ReturnUrlParameter))
        {
            yield return "ReturnUrlParameter is empty; name a query parameter, such as returnUrl.";
        }
    }
}

/// <summary>Gives each name a cookie of its own, unless the application has named it.</summary>
internal sealed class SessionHttpOptionsDefaults : IPostConfigureOptions<SessionHttpOptions>
{
    private const string BaseName = "sid";

    public void PostConfigure(string? name, SessionHttpOptions options) =>
        options.Cookie.Name ??= CookieRules.GetPrefix(options.Cookie) + (string.IsNullOrEmpty(name) ? BaseName : $"{BaseName}-{name}");
}
