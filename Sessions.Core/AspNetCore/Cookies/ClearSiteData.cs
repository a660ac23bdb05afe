using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>The header <c>Clear-Site-Data</c> (W3C Clear Site Data, section 3): a list of quoted words.</summary>
internal static class ClearSiteData
{
    private static readonly (ClearedSiteData Kind, string Directive)[] s_directives =
    [
        (ClearedSiteData.Cache, "\"cache\""),
        (ClearedSiteData.Cookies, "\"cookies\""),
        (ClearedSiteData.Storage, "\"storage\""),
    ];

    /// <summary>Adds to what the application says there itself.</summary>
    public static void Append(IHeaderDictionary headers, ClearedSiteData data)
    {
        foreach (var (kind, directive) in s_directives)
        {
            if (data.HasFlag(kind))
            {
                headers.AppendCommaSeparatedValues("Clear-Site-Data", directive);
            }
        }
    }
}
