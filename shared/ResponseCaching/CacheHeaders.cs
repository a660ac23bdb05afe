using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Sessions.AspNetCore;

/// <summary>What responses tell caches (RFC 9111), whatever the endpoint said.</summary>
internal static class CacheHeaders
{
    // Caches of one kind or vendor take these for Cache-Control's word and pass over that (RFC 9213). Labels to purge by, such as
    // Surrogate-Key and Cache-Tag, allow nothing.
    private static readonly string[] Targeted =
    [
        "CDN-Cache-Control",
        "Cloudflare-CDN-Cache-Control",
        "Netlify-CDN-Cache-Control",
        "Vercel-CDN-Cache-Control",
        "Akamai-CDN-Cache-Control",
        "Akamai-Cache-Control",
        "X-LiteSpeed-Cache-Control",
        "Edge-Control",
        "Surrogate-Control",
        "X-Accel-Expires",
    ];

    private static readonly FrozenSet<string> Guarded = Targeted
        .Append(HeaderNames.CacheControl)
        .Append(HeaderNames.Expires)
        .Append(HeaderNames.Vary)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header says something to caches.</summary>
    public static bool IsGuarded(string name) => Guarded.Contains(name);

    /// <summary>No cache may store it.</summary>
    public static void SetNoStore(IHeaderDictionary headers)
    {
        headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        headers.Remove(HeaderNames.Expires);
        RemoveTargeted(headers);
    }

    /// <summary>Says in the end what a limit asks for.</summary>
    public static void Complete(IHeaderDictionary headers, CacheLimit limit, bool bearer)
    {
        // Most endpoints say nothing, and without a word caches may guess (RFC 9111 section 4.2.2).
        if (limit == CacheLimit.Private && headers.CacheControl.Count == 0)
        {
            SetNoStore(headers);
        }

        Restrict(headers, limit, bearer);
    }

    /// <summary>Takes back what goes beyond a limit. The browser may keep a page of its session if the endpoint says <c>private</c>.</summary>
    public static void Restrict(IHeaderDictionary headers, CacheLimit limit, bool bearer)
    {
        if (limit == CacheLimit.NoStore)
        {
            SetNoStore(headers);
            return;
        }

        if (limit == CacheLimit.Private)
        {
            RemoveTargeted(headers);
            if (headers.CacheControl.Count == 0)
            {
                return;
            }

            if (!IsPrivate(headers.CacheControl))
            {
                SetNoStore(headers);
            }
        }

        if (HeaderUtilities.ContainsCacheDirective(headers.CacheControl, CacheControlHeaderValue.NoStoreString))
        {
            headers.Remove(HeaderNames.Expires);
        }
        else if (limit != CacheLimit.None)
        {
            AddVary(headers, bearer);
        }
    }

    /// <summary>
    /// Whether no shared cache may keep it. Not so with <c>private="Set-Cookie"</c>, which keeps one header, or with a word for shared
    /// caches beside it.
    /// </summary>
    private static bool IsPrivate(StringValues cacheControl) =>
        CacheControlHeaderValue.TryParse(cacheControl.ToString(), out var said)
        && !said.Public
        && said.SharedMaxAge is null
        && (said.NoStore || (said.Private && said.PrivateHeaders.Count == 0));

    private static void RemoveTargeted(IHeaderDictionary headers)
    {
        foreach (var name in Targeted)
        {
            headers.Remove(name);
        }
    }

    /// <summary>It depends on what the request showed (RFC 9110 section 12.5.5).</summary>
    private static void AddVary(IHeaderDictionary headers, bool bearer)
    {
        AddVary(headers, HeaderNames.Cookie);
        if (bearer)
        {
            AddVary(headers, HeaderNames.Authorization);
        }
    }

    private static void AddVary(IHeaderDictionary headers, string field)
    {
        if (!Varies(headers.Vary, field))
        {
            headers.Vary = StringValues.Concat(headers.Vary, field);
        }
    }

    private static bool Varies(StringValues vary, string field)
    {
        foreach (var line in vary)
        {
            foreach (var name in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[name].Trim() is var said && (said.Equals(field, StringComparison.OrdinalIgnoreCase) || said is "*"))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
