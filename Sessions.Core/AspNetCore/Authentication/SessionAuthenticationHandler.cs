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
        var verdict = (await AdmitAsync().ConfigureAwait(false)).Result!.Value;

        // A visitor is nobody whom a policy could know.
        if (verdict.Session is { UserKey: { } userKey } session)
        {
            var properties = new AuthenticationProperties
            {
                IssuedUtc = session.CreatedAt,
                ExpiresUtc = session.ExpiresAt,
                IsPersistent = session.IsPersistent,
            };
            return AuthenticateResult.Success(
                new AuthenticationTicket(SessionClaims.CreatePrincipal(session, userKey, Scheme.Name), properties, Scheme.Name)
            );
        }

        return verdict.Rejection is SessionRejection.None or SessionRejection.NoToken
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Fail($"There is no session: {verdict.Rejection}.");
    }

    /// <summary>401, the way to the login page, 403 for a foreign origin or 503, as a filter would answer.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await (await AdmitAsync().ConfigureAwait(false)).RejectAsync().ConfigureAwait(false);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => SessionProblem.Forbidden.WriteAsync(Context);

    private async ValueTask<SessionUpFeature> AdmitAsync()
    {
        var exchange = SessionUpFeature.GetOrAdd(Context, NamedSessionServices.Resolve(Context.RequestServices, Options.SessionName));
        var isAuthoritative = EndpointSessionPolicy.BypassesCache(Context, Options.SessionName);
        var verdict = await exchange.AuthAsync(bypassCache: isAuthoritative).ConfigureAwait(false);

        // The middleware authenticates every request, static files too; only what asks for a user is made for one.
        if (verdict.IsAccepted && Context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
        {
            exchange.MarkSessionDependent();
            await exchange
                .RecordUseAsync(EndpointSessionPolicy.GetOrAdd(endpoint, Context.RequestServices).IsSliding(Context, Options.SessionName))
                .ConfigureAwait(false);
            ServerCaches.ForbidStorage(Context);
        }

        return exchange;
    }
}
