using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// Applies the filters of the endpoint that routing has chosen, before whatever comes next. The gate then finds the verdict.
/// </summary>
internal sealed class SessionUpMiddleware(RequestDelegate next, IServiceProvider services)
{
    public Task InvokeAsync(HttpContext context) => context.GetEndpoint() is { } endpoint ? AdmitAsync(context, endpoint) : next(context);

    private async Task AdmitAsync(HttpContext context, Endpoint endpoint)
    {
        if (await EndpointSessionPolicy.GetOrAdd(endpoint, services).AdmitAsync(context).ConfigureAwait(false))
        {
            await next(context).ConfigureAwait(false);
        }
    }
}
