using Microsoft.AspNetCore.OutputCaching;

namespace Sessions.AspNetCore;

/// <summary>
/// Keeps the output cache away from sessions: it looks before the gate does. A request that shows a token is neither answered from the cache nor kept in it; for one that
/// shows none the endpoint's own policy holds.
/// </summary>
internal sealed class SessionOutputCachePolicy(IOutputCachePolicy? policy, SessionFilters filters) : IOutputCachePolicy
{
    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (policy is not null && !filters.AreShown(context.HttpContext.Request))
        {
            return policy.CacheRequestAsync(context, cancellation);
        }

        // Also what base policies, which were asked before, have allowed.
        context.EnableOutputCaching = false;
        context.AllowCacheLookup = false;
        ServerCaches.Forbid(context);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) =>
        policy?.ServeFromCacheAsync(context, cancellation) ?? ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) =>
        policy?.ServeResponseAsync(context, cancellation) ?? ValueTask.CompletedTask;
}
