using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCaching;

namespace Sessions.AspNetCore;

/// <summary>Keeps what was made for one session, or one user, out of the caches of the server.</summary>
internal static class ServerCaches
{
    /// <summary>A request was let in.</summary>
    public static void ForbidSharing(HttpContext context, bool accepted)
    {
        // A stranger's answer may be kept only where the cache knows to keep it from sessions; it does not for a page whose attributes are found when it is first asked for.
        if (accepted || !HasSessionOutputCachePolicy(context.GetEndpoint()))
        {
            ServerResponseCaches.ForbidOutputCaching(context);
        }

        WriteHeadersBeforeCaching(context);
    }

    /// <summary>Nothing of this response may be kept.</summary>
    public static void ForbidStorage(HttpContext context)
    {
        ServerResponseCaches.ForbidOutputCaching(context);
        WriteHeadersBeforeCaching(context);
    }

    private static void WriteHeadersBeforeCaching(HttpContext context)
    {
        // Asked with every request, and nearly all applications do without that cache.
        if (
            context.Features[typeof(IResponseCachingFeature)] is not null
            && context.Features[typeof(ISessionUpFeature)] is SessionUpFeature feature
        )
        {
            HeadersBeforeFirstByteStream.Install(context, feature, feature.WriteCacheHeaders);
        }
    }

    private static bool HasSessionOutputCachePolicy(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IOutputCachePolicy>() is SessionOutputCachePolicy
        && endpoint.Metadata.GetMetadata<OutputCacheAttribute>() is null;
}
