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
        // A response for a request without a session may be cached only where a policy keeps it from requests with one. A page whose
        // attributes are loaded with its first request has no such policy.
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
        // Every request comes here, and nearly all applications do without that cache: so the cheapest test comes first.
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
