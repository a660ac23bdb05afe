using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Looks for the user once a request. Whatever the application's lookup throws goes up: an outage is not a sign-out.</summary>
internal sealed class TokenUserMiddleware<TUser>(
    RequestDelegate next,
    TokenCookie cookie,
    Func<byte[], IServiceProvider, CancellationToken, ValueTask<TUser?>> load
)
    where TUser : class
{
    public async Task InvokeAsync(HttpContext context)
    {
        var user = cookie.Read(context) is { } token
            ? await load(token, context.RequestServices, context.RequestAborted).ConfigureAwait(false)
            : null;
        context.Features.Set(new TokenUser<TUser>(user));
        context.Response.OnStarting(
            static state =>
            {
                var (response, known) = ((HttpResponse, bool))state;
                if (known)
                {
                    SessionCacheHeaders.NotShared(response.Headers);
                }

                SessionCacheHeaders.Vary(response.Headers, bearer: false);
                return Task.CompletedTask;
            },
            (context.Response, user is not null)
        );
        await next(context).ConfigureAwait(false);
    }
}
