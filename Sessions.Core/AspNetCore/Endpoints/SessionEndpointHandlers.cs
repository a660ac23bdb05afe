using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>What the mapped session endpoints do, for the sessions of one name.</summary>
internal sealed class SessionEndpointHandlers(string name)
{
    public async Task<IResult> ListAsync(HttpContext http) =>
        TypedResults.Json(
            await http.FetchAllSessionsAsync(name).ConfigureAwait(false),
            SessionEndpointsJsonContext.Default.IReadOnlyListListedSession
        );

    public IResult GetCurrent(HttpContext http) =>
        TypedResults.Json(
            CurrentSession.Create(http.GetSession(name)!, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()),
            SessionEndpointsJsonContext.Default.CurrentSession
        );

    public async Task<IResult> RevokeAllAsync(HttpContext http) =>
        CreateRevokedResult(await http.RevokeAllSessionsAsync(name).ConfigureAwait(false) ?? 0);

    public async Task<IResult> RevokeOthersAsync(HttpContext http) =>
        // The session has ended since the gate accepted it: the response is the gate's refusal.
        await http.RevokeOtherSessionsAsync(name).ConfigureAwait(false) is { } revoked
            ? CreateRevokedResult(revoked)
            : new SessionRejectedResult(name);

    public async Task<IResult> RevokeCurrentAsync(HttpContext http)
    {
        if (http.GetSessionRejection(name) is SessionRejection.NoToken or SessionRejection.CrossOrigin)
        {
            return new SessionRejectedResult(name);
        }

        await http.RevokeSessionAsync(name).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    public async Task<IResult> RevokeAsync(HttpContext http, string id) =>
        SessionId.TryParse(id, out var parsed) && await http.RevokeSessionAsync(parsed, name).ConfigureAwait(false)
            ? TypedResults.NoContent()
            : new SessionNotFoundResult();

    private static JsonHttpResult<RevokedSessions> CreateRevokedResult(int count) =>
        TypedResults.Json(new RevokedSessions { Revoked = count }, SessionEndpointsJsonContext.Default.RevokedSessions);
}
