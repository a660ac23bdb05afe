using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// Says which requests another site made the browser send; what follows from it, the 403, is decided by <see cref="SessionAdmission"/>
/// (<c>ApplyRequestRules</c>) and by the verbs that begin a session. Unsafe methods and WebSocket handshakes pass only from the own origin or an
/// allowed one, by what the browser says: <c>Sec-Fetch-Site</c> (W3C Fetch Metadata), else <c>Origin</c> (RFC 6454); OWASP's "Cross-Site
/// Request Forgery Prevention" recommends both. A client that sends neither is no browser of today, and no page can make it send a request.
/// Safe methods pass: GET must not change state.
/// </summary>
internal sealed class CrossOriginRule(IEnumerable<string> allowedOrigins)
{
    private readonly HashSet<string> _allowed = [.. allowedOrigins.Select(static origin => Origin.Canonicalize(origin)!)];

    /// <summary>Whether the request could change something and comes from a foreign origin.</summary>
    public bool IsForeign(HttpContext context) =>
        CanChangeState(context.Request)
        && !IsSameOrigin(context.Request)
        && context.GetEndpoint()?.Metadata.GetMetadata<AllowCrossOriginSessionAttribute>() is null;

    private static bool CanChangeState(HttpRequest request) =>
        !(
            HttpMethods.IsGet(request.Method)
            || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method)
            || HttpMethods.IsTrace(request.Method)
        )
        // Over HTTP/2 the handshake is a CONNECT (RFC 8441), which is no safe method.
        || request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    private bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (!FetchMetadata.TryGetSite(request, out var site))
        {
            return origin.Count == 0 || (origin.Count == 1 && (IsRequestOrigin(request, origin[0]) || IsAllowed(origin[0])));
        }

        // "same-site" is foreign: another host of the site may have another owner.
        return site is "same-origin" or "none" || (origin.Count == 1 && IsAllowed(origin[0]));
    }

    private bool IsAllowed(string? origin) => origin is not null && _allowed.Contains(origin);

    private static bool IsRequestOrigin(HttpRequest request, string? origin) =>
        string.Equals(origin, Origin.Format(request), StringComparison.OrdinalIgnoreCase);
}

/// <summary>A sign-in from a foreign origin ("login CSRF"). Servers answer the base type with its status.</summary>
internal sealed class CrossOriginSessionException(NamedSessionServices services)
    : BadHttpRequestException(
        "A session was to begin on a request from a foreign origin. If it is meant to, add the origin to SessionHttpOptions.AllowedOrigins, "
            + "or AllowCrossOriginSession() to the endpoint.",
        StatusCodes.Status403Forbidden
    )
{
    /// <summary>The sessions that are meant.</summary>
    public NamedSessionServices Services { get; } = services;
}
