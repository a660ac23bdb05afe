using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Sessions.Cookies;

/// <summary>Gives each name a cookie of its own, unless the application has named it.</summary>
internal sealed class CookieSessionOptionsDefaults : IPostConfigureOptions<CookieSessionOptions>
{
    public void PostConfigure(string? name, CookieSessionOptions options)
    {
        var cookie = options.Cookie;
        var ofTheHost = cookie.SecurePolicy == CookieSecurePolicy.Always && cookie.Path == "/" && string.IsNullOrEmpty(cookie.Domain);
        cookie.Name ??= ofTheHost ? $"__Host-{name}" : name;
    }
}
