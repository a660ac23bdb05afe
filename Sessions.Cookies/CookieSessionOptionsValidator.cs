using Microsoft.Extensions.Options;
using Sessions.AspNetCore;
using Sessions.Cookies.Protection;

namespace Sessions.Cookies;

/// <summary>Checks options in sentences that say what to do.</summary>
internal sealed class CookieSessionOptionsValidator : IValidateOptions<CookieSessionOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(400);
    private static readonly TimeSpan MaxTolerance = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, CookieSessionOptions options)
    {
        var failures = CookieRules
            .GetFailures(options.Cookie)
            .Concat(GetKeyFailures(options))
            .Concat(GetTimeFailures(options))
            .Select(failure => $"Cookie sessions \"{name}\": {failure}")
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> GetKeyFailures(CookieSessionOptions options)
    {
        if (options.Kind != CookieProtectionKind.DataProtected && options.Keys.Count == 0)
        {
            yield return "There is no key; give Encrypt or Sign one, or call neither and leave the keys to Data Protection.";
        }

        foreach (var weakness in options.Keys.Select(static key => key is null ? "A key is null." : key.Weakness).OfType<string>())
        {
            yield return weakness;
        }

        if (options.Kind != CookieProtectionKind.Signed && !options.Cookie.HttpOnly)
        {
            yield return "Cookie.HttpOnly is false, but scripts cannot read what is encrypted; leave it true, or let them read what is signed with Sign.";
        }
    }

    private static IEnumerable<string> GetTimeFailures(CookieSessionOptions options)
    {
        if (options.Lifetime < Second || options.Lifetime > MaxLifetime)
        {
            yield return $"Lifetime is {options.Lifetime}; set it to something from 1 second to 400 days.";
        }

        if (options.IdleTimeout is { } idle && (idle < Second || idle > options.Lifetime))
        {
            yield return $"IdleTimeout is {idle}; set it to something from 1 second to Lifetime, {options.Lifetime}, or leave it out.";
        }

        if (options.ClockTolerance < TimeSpan.Zero || options.ClockTolerance > MaxTolerance)
        {
            yield return $"ClockTolerance is {options.ClockTolerance}; set it to something from 0 to 1 hour.";
        }

        if (options.Cookie.Expiration is not null || options.Cookie.MaxAge is not null)
        {
            yield return "Cookie.Expiration or Cookie.MaxAge is set; leave both out and set Lifetime.";
        }

        if (options.MaxChunks is < 1 or > ChunkedCookie.MaxChunkCount)
        {
            yield return $"MaxChunks is {options.MaxChunks}; set it to something from 1 to {ChunkedCookie.MaxChunkCount}.";
        }
    }
}

/// <summary>Gives each name a cookie of its own, unless the application has named it.</summary>
internal sealed class CookieSessionOptionsDefaults : IPostConfigureOptions<CookieSessionOptions>
{
    public void PostConfigure(string? name, CookieSessionOptions options)
    {
        options.Cookie.Name ??= CookieRules.GetPrefix(options.Cookie) + name;
    }
}
