using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Whether a browser loads what the user may never see: such a request is answered and is no use of a session.</summary>
internal static class PrefetchHeader
{
    /// <summary>W3C Speculation Rules and Resource Hints: <c>Sec-Purpose</c>, <c>prefetch;prerender</c> included.</summary>
    public static bool IsPrefetch(HttpRequest request) =>
        request.Headers["Sec-Purpose"] is { Count: > 0 } purpose
        && purpose.ToString().StartsWith("prefetch", StringComparison.OrdinalIgnoreCase);
}
