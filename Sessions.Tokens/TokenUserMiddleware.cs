using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions.Tokens;

/// <summary>Looks for the user once a request. Whatever the application's lookup throws goes up: an outage is not a sign-out.</summary>
internal sealed class TokenUserMiddleware<TUser>(
    RequestDelegate next,
    TokenCookie cookie,
    Func<byte[], IServiceProvider, CancellationToken, ValueTask<TUser?>> loadUser
)
    where TUser : class
{
    public async Task InvokeAsync(HttpContext context)
    {
        var user = cookie.Find(context) is { } token
            ? await loadUser(token, context.RequestServices, context.RequestAborted).ConfigureAwait(false)
            : null;
        context.Features.Set(new TokenUserFeature<TUser>(user));

        // Strangers may be served from the output cache until an endpoint reads that there is no user.
        ResponseGuard.GetOrAdd(context).Limit(user is null ? CacheLimit.Varying : CacheLimit.Private, allowsOutputCache: user is null);
        await next(context).ConfigureAwait(false);
    }
}
