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
        var user = cookie.Read(context) is { } token
            ? await loadUser(token, context.RequestServices, context.RequestAborted).ConfigureAwait(false)
            : null;
        var found = new TokenUserFeature<TUser>(context.Response, user);
        context.Features.Set(found);
        if (user is not null)
        {
            found.ForbidSharedCaching();
        }

        context.Response.OnStarting(
            static found =>
            {
                ((TokenUserFeature<TUser>)found).WriteCacheHeaders();
                return Task.CompletedTask;
            },
            found
        );
        await next(context).ConfigureAwait(false);
        HeadersBeforeFirstByteStream.Complete(context);
    }
}
