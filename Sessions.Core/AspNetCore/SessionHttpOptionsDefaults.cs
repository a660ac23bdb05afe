using Microsoft.Extensions.Options;

namespace Sessions.AspNetCore;

/// <summary>Gives each name a cookie of its own, unless the application has named it.</summary>
internal sealed class SessionHttpOptionsDefaults : IPostConfigureOptions<SessionHttpOptions>
{
    public void PostConfigure(string? name, SessionHttpOptions options) =>
        options.Cookie.Name ??= string.IsNullOrEmpty(name)
            ? SessionHttpOptions.DefaultCookieName
            : $"{SessionHttpOptions.DefaultCookieName}-{name}";
}
