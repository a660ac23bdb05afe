using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// Scheme, host and port, as browsers write them (RFC 6454 section 6.2): in lower case, without the port that the scheme implies.
/// </summary>
internal static class Origin
{
    /// <summary>The one way to write an origin; null, if the text is none.</summary>
    public static string? Canonicalize(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Host.Length > 0
        && uri.UserInfo.Length == 0
        && uri.PathAndQuery == "/"
        && uri.Fragment.Length == 0
        && !text!.EndsWith('/')
            ? Format(uri.Scheme, uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host, uri.Port)
            : null;

    /// <summary>The origin that a request was sent to.</summary>
    public static string Format(HttpRequest request) =>
        Format(request.Scheme, request.Host.Host, request.Host.Port ?? (request.IsHttps ? 443 : 80));

    private static string Format(string scheme, string host, int port) =>
        port == (string.Equals(scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase) ? 443 : 80)
            ? $"{scheme}://{host}"
            : $"{scheme}://{host}:{port}";
}
