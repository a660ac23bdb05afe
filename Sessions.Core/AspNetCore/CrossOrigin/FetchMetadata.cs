using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Tells a browser that shows pages from a program that reads answers.</summary>
internal static class FetchMetadata
{
    /// <summary>What the browser says (W3C Fetch Metadata); from one that does not, a GET that prefers HTML.</summary>
    public static bool IsBrowserNavigation(HttpRequest request)
    {
        var mode = request.Headers["Sec-Fetch-Mode"];
        return mode.Count > 0
            ? mode == "navigate"
            : (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && PrefersHtml(request);
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
