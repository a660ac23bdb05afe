using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace Sessions.AspNetCore;

/// <summary>What an endpoint says of sessions, worked out once: for each name the one filter that counts.</summary>
internal sealed class EndpointSessionPolicy
{
    private static readonly ConditionalWeakTable<Endpoint, EndpointSessionPolicy> Cache = [];

    private readonly (NamedSessionServices Http, ISessionMetadata Filter)[] _policies;
    private readonly bool _isHub;

    /// <exception cref="SessionConfigurationException">The metadata names sessions that were never added.</exception>
    public EndpointSessionPolicy(IReadOnlyList<object> metadata, IServiceProvider services)
    {
        _isHub = metadata.OfType<HubMetadata>().Any();
        _policies =
        [
            .. SessionMetadataResolver
                .Resolve(metadata)
                // Those that may refuse come first: a stranger costs no further look.
                .OrderByDescending(static filter => filter.IsRequired)
                .Select(filter => (NamedSessionServices.Resolve(services, filter.Name), filter)),
        ];
    }

    /// <summary>The filters of an endpoint.</summary>
    public static EndpointSessionPolicy GetOrAdd(Endpoint endpoint, IServiceProvider services)
    {
        if (!Cache.TryGetValue(endpoint, out var filters))
        {
            filters = new EndpointSessionPolicy([.. endpoint.Metadata], services);
            Cache.AddOrUpdate(endpoint, filters);
        }

        return filters;
    }

    /// <summary>Lets a request in, or answers it. What was found is kept, so a second look costs nothing.</summary>
    /// <returns>Whether the request may go on.</returns>
    public async ValueTask<bool> AdmitAsync(HttpContext context)
    {
        var accepted = false;
        foreach (var (http, filter) in _policies)
        {
            var exchange = SessionUpFeature.GetOrAdd(context, http);
            exchange.MarkSessionDependent();
            var verdict = await exchange.AuthAsync(filter.MaxAge, filter.BypassCache).ConfigureAwait(false);
            if (filter.IsRequired && !verdict.IsAccepted)
            {
                await exchange.RejectAsync().ConfigureAwait(false);
                return false;
            }

            await exchange.RecordUseAsync(IsSliding(context, filter.Name)).ConfigureAwait(false);
            accepted |= verdict.IsAccepted;
            if (_isHub)
            {
                HubCallerContextSessionExtensions.SetHubSession(context, filter.Name, verdict.Session);
            }
        }

        if (_policies.Length > 0)
        {
            ServerCaches.ForbidSharing(context, accepted);
        }

        return true;
    }

    /// <summary>Whether the endpoint of a request, if it is known yet, wants the store itself to be asked for the sessions of a name.</summary>
    public static bool BypassesCache(HttpContext context, string name) =>
        context.GetEndpoint() is { } endpoint
        && Array.Exists(
            GetOrAdd(endpoint, context.RequestServices)._policies,
            entry => entry.Filter.BypassCache && string.Equals(entry.Filter.Name, name, StringComparison.Ordinal)
        );

    /// <summary>Whether a request keeps the session of a name alive; without a filter that says otherwise it does.</summary>
    public bool IsSliding(HttpContext context, string name)
    {
        // Asked with every request: without a lambda, which would have to be allocated for the name.
        foreach (var (_, filter) in _policies)
        {
            if (!filter.Slide && string.Equals(filter.Name, name, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !IsLongPolling(context);
    }

    /// <summary>SignalR's long polling asks by itself, over and over: that nobody is there must not keep his session alive.</summary>
    private bool IsLongPolling(HttpContext context) =>
        _isHub
        && HttpMethods.IsGet(context.Request.Method)
        && !context.WebSockets.IsWebSocketRequest
        && !context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request shows anything that could be a session here.</summary>
    public bool HasToken(HttpRequest request)
    {
        foreach (var (http, _) in _policies)
        {
            if (http.ReadToken(request, out _, out _) != SessionRejection.NoToken)
            {
                return true;
            }
        }

        return false;
    }
}
