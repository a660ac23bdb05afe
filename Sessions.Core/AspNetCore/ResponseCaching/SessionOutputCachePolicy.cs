using Microsoft.AspNetCore.OutputCaching;

namespace Sessions.AspNetCore;

/// <summary>
/// Keeps the output cache away from sessions: it looks before the gate does. A request that shows a token is neither answered from the
/// cache nor kept in it; for one that shows none the endpoint's own policy holds.
/// </summary>
internal sealed class SessionOutputCachePolicy(IOutputCachePolicy? inner, EndpointSessionPolicy sessionPolicy) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (inner is not null && !sessionPolicy.HasToken(context.HttpContext.Request))
        {
            return inner.CacheRequestAsync(context, cancellation);
        }

        // Also what base policies, which run before, have allowed.
        context.EnableOutputCaching = false;
        context.AllowCacheLookup = false;
        OutputCaches.ForbidStorage(context);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) =>
        inner?.ServeFromCacheAsync(context, cancellation) ?? ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) =>
        inner?.ServeResponseAsync(context, cancellation) ?? ValueTask.CompletedTask;
}
