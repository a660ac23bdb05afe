using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>What an endpoint requires of the sessions of one name, and what their admission does to the response.</summary>
internal readonly struct SessionPolicy
{
    public required NamedSessionServices Services { get; init; }

    /// <summary>Whether requests without a session are refused.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Whether a request keeps the session alive.</summary>
    public required bool Slide { get; init; }

    /// <summary>How long ago the user may have authenticated; null: any time.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether the session is read from the store, whatever the cache holds.</summary>
    public bool BypassCache { get; init; }

    public bool IsHub { get; init; }

    public required SessionResponseScope ResponseScope { get; init; }

    /// <summary>The policy of a verb on an endpoint that has none.</summary>
    public static SessionPolicy ForVerb(NamedSessionServices services) =>
        new()
        {
            Services = services,
            IsRequired = false,
            Slide = true,
            ResponseScope = SessionResponseScope.Accepted,
        };

    /// <summary>Whether the response is one of the session, so that caches are kept away.</summary>
    public bool AppliesToResponse(SessionAuthResult result) =>
        ResponseScope == SessionResponseScope.Always || (ResponseScope == SessionResponseScope.Accepted && result.IsAccepted);

    /// <summary>
    /// Whether this request keeps the session alive. SignalR's long polling sends requests by itself, over and over: they must not keep the
    /// session of a user alive who is away.
    /// </summary>
    public bool SlidesWith(HttpContext context) =>
        Slide
        && !(
            IsHub
            && HttpMethods.IsGet(context.Request.Method)
            && !context.WebSockets.IsWebSocketRequest
            && !context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
        );
}

/// <summary>Which responses depend on the session.</summary>
internal enum SessionResponseScope
{
    /// <summary>
    /// Those for which the application reads what was found: authentication runs for static files too. <see cref="SessionPrincipal"/> and
    /// <see cref="ISessionUpFeature"/> notice it.
    /// </summary>
    Read,

    /// <summary>Those to a request whose session was accepted.</summary>
    Accepted,

    /// <summary>All: what a request without a session gets depends on its absence.</summary>
    Always,
}
