using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace Sessions.AspNetCore;

/// <summary>What the guard of a response is told of sessions.</summary>
internal static class ServerCaches
{
    /// <summary>The response is made for the session of the request, or for its absence.</summary>
    public static void ForbidSharing(HttpContext context, NamedSessionServices services, bool accepted) =>
        ResponseGuard
            .GetOrAdd(context)
            .Limit(
                accepted ? CacheLimit.Private : CacheLimit.Varying,
                services.Options.AllowBearerTokens,
                // A page whose attributes are loaded with its first request has no such policy.
                allowsOutputCache: HasSessionOutputCachePolicy(context.GetEndpoint())
            );

    /// <summary>Nothing of this response may be kept.</summary>
    public static void ForbidStorage(HttpContext context) => ResponseGuard.GetOrAdd(context).Limit(CacheLimit.NoStore);

    private static bool HasSessionOutputCachePolicy(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IOutputCachePolicy>() is SessionOutputCachePolicy
        && endpoint.Metadata.GetMetadata<OutputCacheAttribute>() is null;
}
