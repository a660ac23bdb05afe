using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sessions.AspNetCore;

/// <summary>
/// Makes the user of a session the user of the request, for <c>[Authorize]</c> and policies. Finds what the filters found and the other way
/// round: the store is asked once.
/// </summary>
internal sealed class SessionAuthenticationHandler(
    IOptionsMonitor<SessionAuthenticationOptions> options,
    ILoggerFactory log,
    UrlEncoder encoder
) : AuthenticationHandler<SessionAuthenticationOptions>(options, log, encoder)
{
    private NamedSessionServices Services => NamedSessionServices.Resolve(Context.RequestServices, Options.SessionName);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var result = await AdmitAsync().ConfigureAwait(false);

        // A visitor is not authenticated: policies apply to users.
        if (result.Session is { UserKey: { } userKey } session)
        {
            var properties = new AuthenticationProperties
            {
                IssuedUtc = session.CreatedAt,
                ExpiresUtc = session.ExpiresAt,
                IsPersistent = session.IsPersistent,
            };
            var user = SessionClaims.CreatePrincipal(session, userKey, Scheme.Name);
            var principal = SessionPrincipal.Create(user, SessionUpFeature.GetOrAdd(Context, Services));
            return AuthenticateResult.Success(new AuthenticationTicket(principal, properties, Scheme.Name));
        }

        // Not a failure, each of which the framework logs at level Information: any stranger could fill the log with them.
        return AuthenticateResult.NoResult();
    }

    /// <summary>401, the way to the login page, 403 for a foreign origin or 503, as a filter would answer.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await AdmitAsync().ConfigureAwait(false);
        await SessionRejectionResponse.WriteAsync(SessionUpFeature.GetOrAdd(Context, Services)).ConfigureAwait(false);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        SessionProblem.Forbidden.WriteAsync(Context).AsTask();

    private ValueTask<SessionAuthResult> AdmitAsync() =>
        SessionAdmission.AdmitAsync(Context, EndpointSessionPolicy.GetAuthenticationPolicy(Context, Services));
}
