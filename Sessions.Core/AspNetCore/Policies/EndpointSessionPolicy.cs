using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.SignalR;

namespace Sessions.AspNetCore;

/// <summary>What an endpoint requires of sessions, computed once: one policy for each name.</summary>
internal sealed class EndpointSessionPolicy
{
    private static readonly ConditionalWeakTable<object, EndpointSessionPolicy> Cache = [];

    private readonly SessionPolicy[] _policies;
    private readonly bool _isHub;

    /// <exception cref="SessionConfigurationException">The metadata names sessions that were never added.</exception>
    public EndpointSessionPolicy(IReadOnlyList<object> metadata, IServiceProvider services)
    {
        _isHub = metadata.OfType<HubMetadata>().Any();
        _policies =
        [
            .. SessionMetadataResolver
                .Resolve(metadata)
                // Policies that may refuse come first: a request that is refused costs no further evaluation.
                .OrderByDescending(static item => item.IsRequired)
                .Select(item => new SessionPolicy
                {
                    Services = NamedSessionServices.Resolve(services, item.Name),
                    IsRequired = item.IsRequired,
                    Slide = item.Slide,
                    MaxAge = item.MaxAge,
                    BypassCache = item.BypassCache,
                    IsHub = _isHub,
                    ResponseScope = SessionResponseScope.Always,
                }),
        ];
    }

    /// <summary>The policies of an endpoint.</summary>
    public static EndpointSessionPolicy GetOrAdd(Endpoint endpoint, IServiceProvider services) =>
        Cache.TryGetValue(endpoint, out var policy) ? policy : Add(endpoint, endpoint.Metadata, services);

    /// <summary>The policies of an action that is the endpoint of no route, as under <c>UseMvc</c>.</summary>
    public static EndpointSessionPolicy GetOrAdd(ActionDescriptor action, IServiceProvider services) =>
        Cache.TryGetValue(action, out var policy) ? policy : Add(action, action.EndpointMetadata.Append(action), services);

    private static EndpointSessionPolicy Add(object key, IEnumerable<object> metadata, IServiceProvider services)
    {
        var policy = new EndpointSessionPolicy([.. metadata], services);
        Cache.AddOrUpdate(key, policy);
        return policy;
    }

    /// <summary>
    /// The policy by which an authentication scheme or a ticket admits: it refuses nothing itself.
    /// </summary>
    public static SessionPolicy GetAuthenticationPolicy(HttpContext context, NamedSessionServices services)
    {
        var endpoint = context.GetEndpoint() is { } found ? GetOrAdd(found, context.RequestServices) : null;
        var (slide, bypassCache) = (true, false);
        foreach (var policy in endpoint?._policies ?? [])
        {
            if (policy.Services.Name == services.Name)
            {
                (slide, bypassCache) = (policy.Slide, policy.BypassCache);
            }
        }

        return new SessionPolicy
        {
            Services = services,
            IsRequired = false,
            Slide = slide,
            BypassCache = bypassCache,
            IsHub = endpoint?._isHub == true,
            ResponseScope = SessionResponseScope.Read,
        };
    }

    /// <summary>Admits a request by every policy, or answers it.</summary>
    /// <returns>Whether the request may go on.</returns>
    public async ValueTask<bool> AdmitAsync(HttpContext context)
    {
        foreach (var policy in _policies)
        {
            var result = await SessionAdmission.AdmitAsync(context, policy).ConfigureAwait(false);
            if (policy.IsRequired && !result.IsAccepted)
            {
                await SessionRejectionResponse.WriteAsync(SessionUpFeature.GetOrAdd(context, policy.Services)).ConfigureAwait(false);
                return false;
            }

            if (result.Session is { } session)
            {
                await SessionUserFeature.FillAsync(context, session, policy.Services.Name).ConfigureAwait(false);
            }

            if (policy.IsHub)
            {
                HubSessions.Set(context, policy.Services.Name, result.Session);
            }
        }

        return true;
    }

    /// <summary>Whether the request shows anything that could be a session here.</summary>
    public bool HasToken(HttpRequest request)
    {
        foreach (var policy in _policies)
        {
            if (policy.Services.ReadTokens(request, out _, out _) != SessionRejection.NoToken)
            {
                return true;
            }
        }

        return false;
    }
}
