using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>
/// The tickets of cookie authentication as sessions. The key that the framework puts into its own encrypted cookie is the session's token; as always, the store knows
/// only its hash.
/// </summary>
internal sealed class SessionTicketStore(SessionHttp http, SessionTicketText text, TimeProvider time) : ITicketStore
{
    private const string Value = "ticket";
    private const string SignIn = "Sessions.SignIn";

    private SessionManager Manager => http.Manager;

    public Task<string> StoreAsync(AuthenticationTicket ticket) => CreateAsync(ticket, null);

    public Task<string> StoreAsync(AuthenticationTicket ticket, CancellationToken cancellationToken) => CreateAsync(ticket, null);

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        CreateAsync(ticket, httpContext);

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, null, CancellationToken.None);

    public Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken) =>
        RetrieveAsync(key, null, cancellationToken);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        var isAuthoritative = httpContext is not null && SessionFilters.AreAuthoritative(httpContext, http.Name);
        if (
            await FindAsync(key, httpContext, isAuthoritative, cancellationToken).ConfigureAwait(false) is not { } found
            || Read(found.Session) is not { } ticket
        )
        {
            return null;
        }

        if (httpContext is not null)
        {
            // Whether its user is let in is decided later: by SessionTicketEvents, when the application has had its say.
            SessionExchange.Of(httpContext, http).Offer(found.Session, found.Token, Manager.Remembers && !isAuthoritative);
        }

        return ticket;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, null, CancellationToken.None);

    public Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken cancellationToken) =>
        RenewAsync(key, ticket, null, cancellationToken);

    public async Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext? httpContext, CancellationToken cancellationToken)
    {
        // The store itself is asked, since what it says is written back.
        if (await FindAsync(key, httpContext, authoritative: true, cancellationToken).ConfigureAwait(false) is not { Session: var session })
        {
            // Ended meanwhile; a renewal never brings a session back.
            return;
        }

        if (!string.Equals(session.UserKey, UserKeyOf(ticket), StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                "Somebody else is signed in with this cookie. Call SignOutAsync before another user is signed in."
            );
        }

        var values = ValuesPatch.Empty.Set(Value, text.Write(ticket));
        var endsAt = ticket.Properties.ExpiresUtc ?? session.EndsAt;
        var update = await Manager
            .RenewAsync(session, values, ProvedAt(ticket, session), endsAt, Slides(httpContext), CancellationToken.None)
            .ConfigureAwait(false);
        if (update.Outcome == SessionUpdateOutcome.TooLarge)
        {
            throw TooLarge();
        }
    }

    /// <summary>Cookie authentication hands over a sign-in on top of an earlier one and a renewed ticket by the same call. This tells them apart.</summary>
    public static void MarkSignIn(AuthenticationProperties properties) => properties.SetParameter(SignIn, true);

    public Task RemoveAsync(string key) => EndAsync(key, null, CancellationToken.None);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => EndAsync(key, null, cancellationToken);

    public async Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        await EndAsync(key, httpContext, cancellationToken).ConfigureAwait(false);
        SessionExchange.Of(httpContext, http).EndAdopted();
    }

    private async Task EndAsync(string key, HttpContext? context, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, context, authoritative: false, cancellationToken).ConfigureAwait(false) is { Session: var session })
        {
            await Manager.RevokeAsync(session.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<string> CreateAsync(AuthenticationTicket ticket, HttpContext? context)
    {
        var values = SessionValues.Empty.Set(Value, text.Write(ticket));
        if (values.ByteCount > Manager.MaxValuesBytes)
        {
            throw TooLarge();
        }

        var init = new SessionInit
        {
            Lifetime = ticket.Properties.ExpiresUtc - time.GetUtcNow(),
            Persistent = ticket.Properties.IsPersistent,
            AuthenticatedAt = ticket.Properties.IssuedUtc,
            Client = context is null ? null : http.Client.Read(context),
            Values = values,
        };
        return (await Manager.InitAsync(UserKeyOf(ticket), init, CancellationToken.None).ConfigureAwait(false)).Token.Reveal();
    }

    private async ValueTask<(Session Session, SessionToken Token)?> FindAsync(
        string key,
        HttpContext? context,
        bool authoritative,
        CancellationToken cancellationToken
    )
    {
        if (!SessionToken.TryParse(key, out var token))
        {
            return null;
        }

        var client = context is not null && Manager.ComparesClients ? http.Client.Read(context) : null;
        var verdict = await Manager.AuthAsync(token, client, authoritative, cancellationToken).ConfigureAwait(false);
        return verdict.Session is { } session ? (session, token) : null;
    }

    /// <summary>The ticket of a session; null: it has none that can be read.</summary>
    private AuthenticationTicket? Read(Session session)
    {
        try
        {
            return session.Values.TryGetValue(Value, out var written) ? text.Read(written) : null;
        }
        catch (CryptographicException e)
        {
            SessionLog.UnreadableTicket(http.Log, session.Id, e);
            return null;
        }
    }

    /// <summary>When the user proved again who he is; null: he did not. A sign-in that takes over an earlier one's properties only brings claims up to date.</summary>
    private DateTimeOffset? ProvedAt(AuthenticationTicket ticket, Session session) =>
        ticket.Properties.GetParameter<bool>(SignIn) && ticket.Properties.IssuedUtc > Read(session)?.Properties.IssuedUtc
            ? ticket.Properties.IssuedUtc
            : null;

    /// <summary>A page that asks by itself renews the ticket like any other; it does not keep an idle session alive.</summary>
    private bool Slides(HttpContext? context) =>
        context?.GetEndpoint() is not { } endpoint || SessionFilters.Of(endpoint, context.RequestServices).Slides(context, http.Name);

    private static string UserKeyOf(AuthenticationTicket ticket) =>
        (ticket.Principal.FindFirst(ClaimTypes.NameIdentifier) ?? ticket.Principal.FindFirst("sub"))?.Value
        ?? throw new InvalidOperationException(
            "The user who signs in has no claim that says who he is, so his sessions could not be listed or ended. Add a claim of ClaimTypes.NameIdentifier."
        );

    private InvalidOperationException TooLarge() =>
        new(
            $"The authentication ticket does not fit into a session of {Manager.MaxValuesBytes} bytes. Keep fewer claims and tokens in it (SaveTokens), "
                + "or raise SessionUpOptions.MaxValuesBytes."
        );
}
