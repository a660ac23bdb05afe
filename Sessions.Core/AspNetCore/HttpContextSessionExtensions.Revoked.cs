using Microsoft.AspNetCore.Http;

namespace Sessions;

/// <content>Long requests.</content>
public static partial class HttpContextSessionExtensions
{
    /// <summary>
    /// A token that fires when the session of this request ends, for requests that last: server-sent events, WebSockets, hubs. At once when
    /// it is ended on this node, within the latency of the change feed when on another; without a feed, or while it is down, within
    /// <see cref="SessionCacheOptions.MaxStaleness"/>; and when the session expires, unless other requests keep it alive. While the store
    /// cannot be reached it does not fire: an outage is not a logout. Costs one call of the store, and nothing after the request.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name of the sessions; empty for the default.</param>
    /// <returns>A token that never fires, if the request has no session; one that has fired, if it has ended it.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter, so the session was not loaded.</exception>
    public static CancellationToken SessionRevoked(this HttpContext context, string name = "") =>
        GetFeature(context, name).GetRevocationToken();
}
