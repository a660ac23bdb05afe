using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sessions;
using Sessions.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The devices of a user, as JSON endpoints.</summary>
public static class EndpointRouteBuilderSessionExtensions
{
    /// <summary>
    /// Maps, for the user of the request's session: <c>GET path</c> lists their live sessions; <c>GET path/current</c> returns how long
    /// this one has left, without keeping it alive; <c>DELETE path/ID</c> ends one (204; 404 for one of another user and for one that is
    /// not there, all the same); <c>DELETE path/current</c> ends this one (204); <c>DELETE path/others</c> and <c>DELETE path</c> end the
    /// others or all, and return <c>{"revoked": n}</c>. The shape does not depend on the application's JSON options, and no answer ever
    /// holds a token or a hash.
    /// </summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="path">For instance <c>/api/sessions</c>.</param>
    /// <param name="name">The name of the sessions; empty for the default.</param>
    /// <returns>For further conventions.</returns>
    public static RouteGroupBuilder MapSessions(this IEndpointRouteBuilder endpoints, string path, string name = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        var handlers = new SessionEndpointHandlers(name);

        // These calls are rare, so the store is read: a client that was signed out a moment ago must not end the sessions of its user.
        var group = endpoints.MapGroup(path).RequireSession(name, bypassCache: true).WithTags("Sessions");
        group
            .MapGet("", (Delegate)handlers.ListAsync)
            .WithSummary("Lists the sessions of the user.")
            .Produces<IReadOnlyList<ListedSession>>();
        group
            .MapGet("/current", (Delegate)handlers.GetCurrent)
            .RequireSession(name, slide: false, bypassCache: true)
            .WithSummary("Tells how long this session has left, without keeping it alive.")
            .Produces<CurrentSession>();
        group
            .MapDelete("", (Delegate)handlers.RevokeAllAsync)
            .WithSummary("Ends all sessions of the user, this one included.")
            .Produces<RevokedSessions>();
        group
            .MapDelete("/others", (Delegate)handlers.RevokeOthersAsync)
            .WithSummary("Ends all sessions of the user but this one.")
            .Produces<RevokedSessions>();
        group
            .MapDelete("/current", (Delegate)handlers.RevokeCurrentAsync)
            // A sign-out works with any token of the session, also with one that is too old for anything else.
            .PublicSession(name, bypassCache: true)
            .WithSummary("Ends this session.")
            .Produces(StatusCodes.Status204NoContent);
        group
            .MapDelete("/{id}", handlers.RevokeAsync)
            .WithSummary("Ends one session of the user.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        return group
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
