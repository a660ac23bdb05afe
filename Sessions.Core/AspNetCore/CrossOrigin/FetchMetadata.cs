using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>What a browser says of a request (W3C Fetch Metadata): the one reader of <c>Sec-Fetch-*</c>.</summary>
internal static class FetchMetadata
{
    /// <summary>
    /// Whether a browser goes to a page, rather than a program or script that reads an answer. From a browser that says nothing: a GET that
    /// prefers HTML.
    /// </summary>
    public static bool IsBrowserNavigation(HttpRequest request)
    {
        var mode = request.Headers["Sec-Fetch-Mode"];
        return mode.Count > 0
            ? mode == "navigate"
            : (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && PrefersHtml(request);
    }

    /// <summary>Whether another site leads here.</summary>
    public static bool IsCrossSite(HttpRequest request) =>
        TryGetSite(request, out var site) && string.Equals(site, "cross-site", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the user goes to a page by a link, with which a browser sends a lax cookie also when another site leads here.</summary>
    public static bool IsSafeNavigation(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document";

    /// <summary>How the site that made the browser send the request is related to this one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="site">The relation; null: the header is there, more than once.</param>
    /// <returns>Whether the browser says it.</returns>
    public static bool TryGetSite(HttpRequest request, out string? site)
    {
        var header = request.Headers["Sec-Fetch-Site"];
        site = header.Count == 1 ? header[0] : null;
        return header.Count > 0;
    }

    /// <summary>HTML must be named: "*/*" alone is what programs send.</summary>
    private static bool PrefersHtml(HttpRequest request)
    {
        var (html, json) = (0.0, 0.0);
        foreach (var type in request.GetTypedHeaders().Accept)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))
            {
                html = Math.Max(html, quality);
            }
            else if (
                type.SubTypeWithoutSuffix.Equals("json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            )
            {
                json = Math.Max(json, quality);
            }
        }

        return html > 0 && html >= json;
    }
}
