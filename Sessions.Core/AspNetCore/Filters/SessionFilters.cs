using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>What an endpoint says of sessions, worked out once: for each name the one filter that counts.</summary>
internal sealed class SessionFilters
{
    private static readonly ConditionalWeakTable<Endpoint, SessionFilters> Known = [];

    private readonly (SessionHttp Http, bool Required)[] _filters;

    /// <exception cref="SessionConfigurationException">The metadata names sessions that were never added.</exception>
    public SessionFilters(IEnumerable<object> metadata, IServiceProvider services)
    {
        _filters =
        [
            .. SessionFilterPrecedence
                .Of([.. metadata])
                .Select(filter => (SessionHttp.Of(services, filter.Name), filter.Required))
                // Those that may refuse come first: a stranger costs no further look.
                .OrderByDescending(static filter => filter.Required),
        ];
    }

    /// <summary>The filters of an endpoint.</summary>
    public static SessionFilters Of(Endpoint endpoint, IServiceProvider services)
    {
        if (!Known.TryGetValue(endpoint, out var filters))
        {
            filters = new SessionFilters(endpoint.Metadata, services);
            Known.AddOrUpdate(endpoint, filters);
        }

        return filters;
    }

    /// <summary>Lets a request in, or answers it. What was found is kept, so a second look costs nothing.</summary>
    /// <returns>Whether the request may go on.</returns>
    public async ValueTask<bool> AdmitAsync(HttpContext context)
    {
        var accepted = false;
        foreach (var (http, required) in _filters)
        {
            var exchange = SessionExchange.Of(context, http);
            exchange.Guard();
            var verdict = await exchange.AuthAsync().ConfigureAwait(false);
            if (required && !verdict.Accepted)
            {
                await exchange.RejectAsync().ConfigureAwait(false);
                return false;
            }

            accepted |= verdict.Accepted;
        }

        if (_filters.Length > 0)
        {
            ServerCaches.Guard(context, accepted);
        }

        return true;
    }

    /// <summary>Whether the request shows anything that could be a session here.</summary>
    public bool AreShown(HttpRequest request)
    {
        foreach (var (http, _) in _filters)
        {
            if (http.Read(request, out _, out _) != SessionRejection.NoToken)
            {
                return true;
            }
        }

        return false;
    }
}
