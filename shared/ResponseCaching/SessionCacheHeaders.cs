using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Sessions.AspNetCore;

/// <summary>What responses tell caches (RFC 9111), whatever the endpoint said.</summary>
internal static class SessionCacheHeaders
{
    /// <summary>No cache may store it: it carries a token, or takes one back.</summary>
    public static void SetNoStore(IHeaderDictionary headers)
    {
        headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        headers.Expires = StringValues.Empty;
    }

    /// <summary>
    /// It was made for one session, so no cache between may keep it; the browser may, if the endpoint says <c>private</c>.
    /// </summary>
    public static void SetNotShared(IHeaderDictionary headers)
    {
        // Most endpoints say nothing.
        if (
            headers.CacheControl.Count == 0
            || (
                !HasDirective(headers, CacheControlHeaderValue.PrivateString)
                && !HasDirective(headers, CacheControlHeaderValue.NoStoreString)
            )
        )
        {
            SetNoStore(headers);
        }
    }

    /// <summary>It depends on what the request showed (RFC 9110 section 12.5.5).</summary>
    public static void AddVary(IHeaderDictionary headers, bool bearer)
    {
        if (!HasDirective(headers, CacheControlHeaderValue.NoStoreString))
        {
            AddVary(headers, HeaderNames.Cookie);
            if (bearer)
            {
                AddVary(headers, HeaderNames.Authorization);
            }
        }
    }

    private static void AddVary(IHeaderDictionary headers, string field)
    {
        if (!headers.Vary.ToString().Contains(field, StringComparison.OrdinalIgnoreCase))
        {
            headers.Vary = StringValues.Concat(headers.Vary, field);
        }
    }

    private static bool HasDirective(IHeaderDictionary headers, string directive) =>
        HeaderUtilities.ContainsCacheDirective(headers.CacheControl, directive);
}
