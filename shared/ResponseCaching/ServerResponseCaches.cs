using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;

namespace Sessions.AspNetCore;

/// <summary>Keeps a response out of the output cache, and its headers right before the response cache reads them.</summary>
internal static class ServerResponseCaches
{
    public static void ForbidStorage(OutputCacheContext context)
    {
        context.AllowCacheStorage = false;
        context.AllowLocking = false;
    }

    /// <summary>The output cache may not keep this response.</summary>
    public static void ForbidOutputCaching(HttpContext context)
    {
        if (context.Features[typeof(IOutputCacheFeature)] is IOutputCacheFeature feature)
        {
            ForbidStorage(feature.Context);
        }
    }

    /// <summary>Writes headers before the response cache reads them.</summary>
    public static void WriteHeadersBeforeCaching(HttpContext context, object owner, Action writeHeaders)
    {
        if (context.Features[typeof(IResponseCachingFeature)] is not null)
        {
            HeadersBeforeFirstByteStream.Install(context, owner, writeHeaders);
        }
    }
}
