using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sessions.AspNetCore;

/// <summary>
/// Stands before an endpoint: a request that its policy refuses does not get past it, not even as far as the binding of the body. In the
/// metadata of every endpoint that it guards.
/// </summary>
internal sealed class SessionGate(EndpointSessionPolicy policy, RequestDelegate next, ILogger<NamedSessionServices> log)
{
    /// <summary>Puts a gate before an endpoint. Runs when all conventions have had their say, so their order does not matter.</summary>
    public static void AddGate(EndpointBuilder endpoint)
    {
        // A group and a route may both add it.
        if (endpoint.RequestDelegate is not { } next || endpoint.Metadata.OfType<SessionGate>().Any())
        {
            return;
        }

        var policy = new EndpointSessionPolicy([.. endpoint.Metadata], endpoint.ApplicationServices);
        var gate = new SessionGate(policy, next, endpoint.ApplicationServices.GetRequiredService<ILogger<NamedSessionServices>>());
        endpoint.RequestDelegate = gate.InvokeAsync;
        endpoint.Metadata.Add(gate);
        AddOutputCachePolicy(endpoint, policy);
    }

    private Task InvokeAsync(HttpContext context)
    {
        var pending = policy.AdmitAsync(context);
        return !pending.IsCompletedSuccessfully ? AwaitAsync(pending, context)
            : pending.Result ? SessionFailureMiddleware.InvokeAsync(next, context, log)
            : Task.CompletedTask;

        async Task AwaitAsync(ValueTask<bool> pending, HttpContext context)
        {
            if (await pending.ConfigureAwait(false))
            {
                await SessionFailureMiddleware.InvokeAsync(next, context, log).ConfigureAwait(false);
            }
        }
    }

    private static void AddOutputCachePolicy(EndpointBuilder endpoint, EndpointSessionPolicy sessionPolicy)
    {
        // The cache applies the last policy, and after it the policy of an attribute, which it creates itself. An attribute that stayed
        // would override ours, so it goes, and what it configures with it.
        var attributed = endpoint.Metadata.OfType<OutputCacheAttribute>().ToList();
        attributed.ForEach(attribute => endpoint.Metadata.Remove(attribute));
        var policy = attributed.Count > 0 ? null : endpoint.Metadata.OfType<IOutputCachePolicy>().LastOrDefault();
        endpoint.Metadata.Add(new SessionOutputCachePolicy(policy, sessionPolicy));
    }
}
