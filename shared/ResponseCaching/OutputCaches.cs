using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace Sessions.AspNetCore;

/// <summary>Keeps a response out of the output cache.</summary>
internal static class OutputCaches
{
    /// <summary>The cache may not keep this response.</summary>
    public static void ForbidStorage(HttpContext context)
    {
        if (context.Features[typeof(IOutputCacheFeature)] is IOutputCacheFeature feature)
        {
            ForbidStorage(feature.Context);
        }
    }

    /// <inheritdoc cref="ForbidStorage(HttpContext)"/>
    public static void ForbidStorage(OutputCacheContext context)
    {
        context.AllowCacheStorage = false;
        context.AllowLocking = false;
    }
}
