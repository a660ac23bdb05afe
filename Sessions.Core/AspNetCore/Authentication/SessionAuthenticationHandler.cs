using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sessions.AspNetCore;

/// <summary>
/// Makes the user of a session the user of the request, for <c>[Authorize]</c> and policies. Finds what the filters found and the other way round: the store is asked once.
/// </summary>
internal sealed class SessionAuthenticationHandler(
    IOptionsMonitor<SessionAuthenticationOptions> options,
    ILoggerFactory log,
    UrlEncoder encoder
) : AuthenticationHandler<SessionAuthenticationOptions>(options, log, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var verdict = (await AskAsync().ConfigureAwait(false)).Verdict!.Value;

        // A visitor is nobody whom a policy could know.
        if (verdict.Session is { UserKey: { } userKey } session)
        {
            var properties = new AuthenticationProperties
            {
                IssuedUtc = session.CreatedAt,
                ExpiresUtc = session.ExpiresAt,
                IsPersistent = session.Persistent,
            };
            return AuthenticateResult.Success(
                new AuthenticationTicket(SessionClaims.PrincipalOf(session, userKey, Scheme.Name), properties, Scheme.Name)
            );
        }

        return verdict.Rejection is SessionRejection.None or SessionRejection.NoToken
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Fail($"There is no session: {verdict.Rejection}.");
    }

    /// <summary>401, the way to the login page, 403 for a foreign origin or 503, as a filter would answer.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await (await AskAsync().ConfigureAwait(false)).RejectAsync().ConfigureAwait(false);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => SessionProblem.Forbidden.WriteAsync(Context);

    private async ValueTask<SessionExchange> AskAsync()
    {
        var exchange = SessionExchange.Of(Context, SessionHttp.Of(Context.RequestServices, Options.SessionName));
        var isAuthoritative = SessionFilters.AreAuthoritative(Context, Options.SessionName);
        var verdict = await exchange.AuthAsync(authoritative: isAuthoritative).ConfigureAwait(false);

        // The middleware authenticates every request, static files too; only what asks for a user is made for one.
        if (verdict.Accepted && Context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
        {
            exchange.Guard();
            await exchange
                .SeenAsync(SessionFilters.Of(endpoint, Context.RequestServices).Slides(Context, Options.SessionName))
                .ConfigureAwait(false);
            ServerCaches.Forbid(Context);
        }

        return exchange;
    }
}
