using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Sessions.Cookies;

/// <summary>A name that AddCookieSessions was called with, and what its sessions keep.</summary>
internal sealed record CookieSessionRegistration(string Name, Type Type);

/// <summary>
/// Stops a host in which two names share a cookie: each would take the other's for a foreign one, or take it back as a chunk of its own.
/// </summary>
internal sealed class CookieSessionStartupValidator(
    IEnumerable<CookieSessionRegistration> names,
    IOptionsMonitor<CookieSessionOptions> options
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var shared = names
            .SelectMany(name => ChunkedCookie.GetNames(options.Get(name.Name).Cookie.Name!).Select(cookie => (Cookie: cookie, name.Name)))
            .GroupBy(static taken => taken.Cookie, static taken => taken.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(static cookie => cookie.Count() > 1);
        return shared is null
            ? Task.CompletedTask
            : throw new SessionConfigurationException(
                $"The cookie sessions {string.Join(" and ", shared.Select(static name => $"\"{name}\""))} share the cookie {shared.Key}. "
                    + "Give each its own with Cookie.Name."
            );
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
