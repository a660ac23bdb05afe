using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>
/// The tickets of cookie authentication as sessions. The key that the framework puts into its own encrypted cookie is the session's token;
/// as always, the store knows only its hash.
/// </summary>
internal sealed class SessionTicketStore(NamedSessionServices services, SessionTicketProtector protector, TimeProvider time) : ITicketStore
{
    private const string ValueKey = "ticket";
    private const string SignInParameter = "Sessions.SignIn";

    private SessionManager Manager => services.Manager;

    private SessionAuthenticator Authenticator => services.Authenticator;

    public Task<string> StoreAsync(AuthenticationTicket ticket) => CreateAsync(ticket, null);

    public Task<string> StoreAsync(AuthenticationTicket ticket, CancellationToken cancellationToken) => CreateAsync(ticket, null);

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        CreateAsync(ticket, httpContext);

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, null, CancellationToken.None);

    public Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken) =>
        RetrieveAsync(key, null, cancellationToken);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        var bypassCache = httpContext is not null && EndpointSessionPolicy.GetAuthenticationPolicy(httpContext, services).BypassCache;
        if (
            await AuthenticateAsync(key, httpContext, bypassCache, cancellationToken).ConfigureAwait(false) is not { } found
            || ReadTicket(found.Session) is not { } ticket
        )
        {
            return null;
        }

        if (httpContext is not null)
        {
            // SessionTicketEvents accepts or refuses the user later, after the application's own validation.
            SessionUpFeature
                .GetOrAdd(httpContext, services)
                .SetCandidate(found.Session, found.Token, Authenticator.HasCache && !bypassCache);
        }

        return ticket;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, null, CancellationToken.None);

    public Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken cancellationToken) =>
        RenewAsync(key, ticket, null, cancellationToken);

    public async Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        // The cache is bypassed, since what is read here is written back.
        if (
            await AuthenticateAsync(key, httpContext, bypassCache: true, cancellationToken).ConfigureAwait(false)
            is not { Session: var session }
        )
        {
            // Ended meanwhile; a renewal never brings a session back.
            return;
        }

        if (!string.Equals(session.UserKey, GetUserKey(ticket), StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                "Another user is signed in with this cookie. Call SignOutAsync before another user is signed in."
            );
        }

        var values = ValuesPatch.Empty.Set(ValueKey, protector.Protect(ticket));
        var endsAt = ticket.Properties.ExpiresUtc ?? session.EndsAt;
        var update = await Authenticator
            .RenewAsync(session, values, GetAuthenticatedAt(ticket, session), endsAt, IsSliding(httpContext), CancellationToken.None)
            .ConfigureAwait(false);
        if (update.Outcome == SessionUpdateOutcome.TooLarge)
        {
            throw CreateTooLargeException();
        }
    }

    /// <summary>
    /// Cookie authentication hands over a sign-in on top of an earlier one and a renewed ticket by the same call. This distinguishes them.
    /// </summary>
    public static void MarkSignIn(AuthenticationProperties properties) => properties.SetParameter(SignInParameter, true);

    public Task RemoveAsync(string key) => RevokeAsync(key, null, CancellationToken.None);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => RevokeAsync(key, null, cancellationToken);

    public async Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        await RevokeAsync(key, httpContext, cancellationToken).ConfigureAwait(false);
        SessionUpFeature.GetOrAdd(httpContext, services).EndAccepted();
    }

    private async Task RevokeAsync(string key, HttpContext? context, CancellationToken cancellationToken)
    {
        if (await AuthenticateAsync(key, context, bypassCache: false, cancellationToken).ConfigureAwait(false) is { Session: var session })
        {
            await Manager.RevokeAsync(session, session.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<string> CreateAsync(AuthenticationTicket ticket, HttpContext? context)
    {
        var values = SessionValues.Empty.Set(ValueKey, protector.Protect(ticket));
        if (values.ByteCount > services.MaxValuesBytes)
        {
            throw CreateTooLargeException();
        }

        var init = new SessionInit
        {
            Lifetime = ticket.Properties.ExpiresUtc - time.GetUtcNow(),
            IsPersistent = ticket.Properties.IsPersistent,
            AuthenticatedAt = ticket.Properties.IssuedUtc,
            Client = context is null ? null : services.Client.Read(context),
            Values = values,
        };
        return (await Manager.InitAsync(GetUserKey(ticket), init, CancellationToken.None).ConfigureAwait(false)).Token.Reveal();
    }

    private async ValueTask<(Session Session, SessionToken Token)?> AuthenticateAsync(
        string key,
        HttpContext? context,
        bool bypassCache,
        CancellationToken cancellationToken
    )
    {
        if (!SessionToken.TryParse(key, out var token))
        {
            return null;
        }

        var client = context is not null && Authenticator.NeedsClient ? services.Client.Read(context) : null;
        var result = await Authenticator.AuthAsync(token, client, bypassCache, cancellationToken).ConfigureAwait(false);
        return result.Session is { } session ? (session, token) : null;
    }

    /// <summary>The ticket of a session; null: it has none that can be read.</summary>
    private AuthenticationTicket? ReadTicket(Session session)
    {
        try
        {
            return session.Values.TryGetValue(ValueKey, out var written) ? protector.Unprotect(written) : null;
        }
        catch (CryptographicException e)
        {
            SessionLog.UnreadableTicket(services.Log, session.Id, e);
            return null;
        }
    }

    /// <summary>
    /// When the user proved their identity again; null: they did not. A sign-in that takes over an earlier one's properties only brings
    /// claims up to date.
    /// </summary>
    private DateTimeOffset? GetAuthenticatedAt(AuthenticationTicket ticket, Session session) =>
        ticket.Properties.GetParameter<bool>(SignInParameter) && ticket.Properties.IssuedUtc > ReadTicket(session)?.Properties.IssuedUtc
            ? ticket.Properties.IssuedUtc
            : null;

    /// <summary>A page that polls renews the ticket like any other request; it does not keep an idle session alive.</summary>
    private bool IsSliding(HttpContext? context) =>
        context is null
        || (
            EndpointSessionPolicy.GetAuthenticationPolicy(context, services).SlidesWith(context)
            && !PrefetchHeader.IsPrefetch(context.Request)
        );

    private static string GetUserKey(AuthenticationTicket ticket) =>
        (ticket.Principal.FindFirst(ClaimTypes.NameIdentifier) ?? ticket.Principal.FindFirst("sub"))?.Value
        ?? throw new InvalidOperationException(
            "The user who signs in has no claim that identifies them, so their sessions could not be listed or ended. Add a claim of ClaimTypes.NameIdentifier."
        );

    private InvalidOperationException CreateTooLargeException() =>
        new(
            $"The authentication ticket does not fit into a session of {services.MaxValuesBytes} bytes. Keep fewer claims and tokens in it (SaveTokens), "
                + "or raise SessionUpOptions.MaxValuesBytes."
        );
}
