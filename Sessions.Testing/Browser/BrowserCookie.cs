using System.Globalization;

namespace Sessions.Testing;

/// <summary>A cookie in a <see cref="BrowserCookieJar"/>.</summary>
public sealed record BrowserCookie
{
    // What Chromium keeps at the most (RFC 6265bis section 5.5).
    private static readonly TimeSpan s_longestLife = TimeSpan.FromDays(400);

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its value.</summary>
    public required string Value { get; init; }

    /// <summary>The host that set it, or the domain that it is for, in lower case and without a leading dot.</summary>
    public required string Domain { get; init; }

    /// <summary>Whether only the host that set it gets it: it came without a <c>Domain</c>.</summary>
    public required bool IsHostOnly { get; init; }

    /// <summary>The path under which it is sent.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is sent over https only.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Whether scripts cannot read it.</summary>
    public bool IsHttpOnly { get; init; }

    /// <summary><c>Strict</c>, <c>Lax</c> or <c>None</c>. Default: <c>Lax</c>, as Chromium takes a cookie that does not say.</summary>
    public string SameSite { get; init; } = "Lax";

    /// <summary>When it expires; null: with the browser session.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether two cookies are one place in the jar: the same name, domain and path.</summary>
    internal bool IsSamePlace(BrowserCookie other) =>
        Name == other.Name && Domain == other.Domain && Path == other.Path && IsHostOnly == other.IsHostOnly;

    /// <summary>Whether the browser adds it to a request (RFC 6265bis section 5.8.3).</summary>
    internal bool IsSentWith(BrowserRequest request, DateTimeOffset now) =>
        !(ExpiresAt <= now)
        && IsForHost(request.Url.Host)
        && IsForPath(request.Url.AbsolutePath)
        && (!IsSecure || IsSecureScheme(request.Url))
        && IsForSite(request);

    /// <summary>Reads a <c>Set-Cookie</c> header as a browser does.</summary>
    /// <returns>Null where the browser takes no notice of it: no name, a foreign domain, a prefix whose rules it breaks.</returns>
    internal static BrowserCookie? Parse(string header, Uri url, DateTimeOffset now)
    {
        var parts = header.Split(';', StringSplitOptions.TrimEntries);
        var pair = parts[0].Split('=', 2, StringSplitOptions.TrimEntries);
        if (pair is not [{ Length: > 0 } name, var value])
        {
            return null;
        }

        var cookie = new BrowserCookie
        {
            Name = name,
            Value = value,
            Domain = url.Host.ToLowerInvariant(),
            IsHostOnly = true,
            Path = DefaultPath(url.AbsolutePath),
        };
        var maxAge = (TimeSpan?)null;
        foreach (var attribute in parts.Skip(1).Select(static part => part.Split('=', 2, StringSplitOptions.TrimEntries)))
        {
            var text = attribute.ElementAtOrDefault(1) ?? string.Empty;
            switch (attribute[0].ToLowerInvariant())
            {
                case "domain" when text.TrimStart('.').ToLowerInvariant() is { Length: > 0 } domain:
                    cookie = cookie with { Domain = domain, IsHostOnly = false };
                    break;
                case "path":
                    cookie = cookie with { Path = text.StartsWith('/') ? text : DefaultPath(url.AbsolutePath) };
                    break;
                case "secure":
                    cookie = cookie with { IsSecure = true };
                    break;
                case "httponly":
                    cookie = cookie with { IsHttpOnly = true };
                    break;
                case "samesite":
                    cookie = cookie with { SameSite = text };
                    break;
                case "max-age" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds):
                    maxAge = TimeSpan.FromSeconds(Math.Clamp(seconds, -1, (long)s_longestLife.TotalSeconds));
                    break;
                case "expires" when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var expires):
                    cookie = cookie with { ExpiresAt = expires < now + s_longestLife ? expires : now + s_longestLife };
                    break;
            }
        }

        cookie = maxAge is { } age ? cookie with { ExpiresAt = now + age } : cookie;
        return cookie.IsForHost(url.Host) && cookie.KeepsRules(IsSecureScheme(url)) ? cookie : null;
    }

    private bool KeepsRules(bool isSecureScheme) =>
        (!IsSecure || isSecureScheme)
        && (!HasSameSite("None") || IsSecure)
        && (!HasPrefix("__Secure-") || IsSecure)
        && (!HasPrefix("__Host-") || (IsSecure && IsHostOnly && Path == "/"))
        && (!HasPrefix("__Http-") || (IsSecure && IsHttpOnly))
        && (!HasPrefix("__Host-Http-") || IsHttpOnly);

    private bool IsForHost(string host) =>
        string.Equals(host, Domain, StringComparison.OrdinalIgnoreCase)
        || (!IsHostOnly && host.EndsWith("." + Domain, StringComparison.OrdinalIgnoreCase));

    private bool IsForPath(string path) =>
        path == Path || (path.StartsWith(Path, StringComparison.Ordinal) && (Path.EndsWith('/') || path[Path.Length] == '/'));

    private bool IsForSite(BrowserRequest request) =>
        request.Site != BrowserRequestSite.CrossSite
        || HasSameSite("None")
        || (!HasSameSite("Strict") && request.IsTopLevelNavigation && request.IsSafe);

    private bool HasPrefix(string prefix) => Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private bool HasSameSite(string value) => string.Equals(SameSite, value, StringComparison.OrdinalIgnoreCase);

    private static bool IsSecureScheme(Uri url) => url.Scheme is "https" or "wss";

    private static string DefaultPath(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : "/";
}
