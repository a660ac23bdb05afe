using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Sessions.AspNetCore;

/// <summary>
/// The gate of controllers and Razor Pages. Attributes need no convention there; and a page becomes the endpoint that it is only with its
/// first request, after all conventions, so that nothing else could stand before it. Runs first of all filters, before anything is bound.
/// </summary>
internal sealed class SessionMvcFilter(IServiceProvider services) : IAsyncAuthorizationFilter, IOrderedFilter
{
    public int Order => int.MinValue;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var policy =
            context.HttpContext.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<ActionDescriptor>() is not null
                ? EndpointSessionPolicy.GetOrAdd(endpoint, services)
                : EndpointSessionPolicy.GetOrAdd(context.ActionDescriptor, services);
        if (!await policy.AdmitAsync(context.HttpContext).ConfigureAwait(false))
        {
            // A refusal has written the response already.
            context.Result = new EmptyResult();
        }
    }
}
