using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <content>Visitors who come, sign in and out; users who prove again who they are; new secrets.</content>
internal sealed partial class SessionUpFeature
{
    /// <summary>The visitor's session, begun if there is none yet and there may be one.</summary>
    public async ValueTask<Session?> StartVisitorAsync(SessionInit init)
    {
        var verdict = await AuthAsync().ConfigureAwait(false);
        if (verdict.Session is { } session)
        {
            return session;
        }

        ThrowIfCookieCannotBeSet();

        // In both cases the browser may well hold a session that nobody can see, and a new cookie would lose it.
        if (verdict.Rejection == SessionRejection.StoreUnavailable || IsCookieWithheld())
        {
            return null;
        }

        return SetCookie(
            await _services.Manager.StartVisitorAsync(CompleteInit(init, replacedToken: null), NotCancelled).ConfigureAwait(false)
        );
    }

    public async ValueTask<bool> LogOutAsync(bool keepValues)
    {
        if (GetSession() is not { } current)
        {
            return false;
        }

        if (keepValues)
        {
            ThrowIfCookieCannotBeSet();
        }

        var visitor = await _services.Manager.LogOutAsync(current, keepValues, NotCancelled).ConfigureAwait(false);
        SetEnded(SessionRejection.Revoked);
        if (visitor is not null)
        {
            SetCookie(visitor);
        }

        return true;
    }

    public async ValueTask<IssuedSession?> ReauthenticateAsync(string? method)
    {
        if (GetSession() is not { } current)
        {
            return null;
        }

        ThrowIfTokenCannotBeReplaced();
        var issued = await _services.Authenticator.ReauthenticateAsync(current, _token, method, NotCancelled).ConfigureAwait(false);
        if (issued is not null)
        {
            ReplaceToken(issued.Session, issued.Token);
        }

        return issued;
    }

    public async ValueTask<SessionToken?> RotateAsync()
    {
        if (GetSession() is not { } current)
        {
            return null;
        }

        ThrowIfTokenCannotBeReplaced();
        var next = await _services.Authenticator.RotateAsync(current, _token, NotCancelled).ConfigureAwait(false);
        if (next is { } token)
        {
            ReplaceToken(current, token);
        }

        return next;
    }

    private void ThrowIfTokenCannotBeReplaced()
    {
        if (_source == CredentialSource.Ticket)
        {
            throw new InvalidOperationException(
                "The token of this session is in the cookie of ASP.NET Core's cookie authentication, which alone can replace it. Sign the user in again with SignInAsync."
            );
        }

        ThrowIfCookieCannotBeSet();
    }

    private void ReplaceToken(Session session, SessionToken token)
    {
        // The store has just checked the secret, which from here on is not the one that the request shows.
        (_result, _isCached) = (_result!.Value.WithSession(session), false);
        _noStore = true;
        if (_source == CredentialSource.Cookie)
        {
            (_newCookie, _token) = ((session, token), token);
        }
    }

    /// <summary>A browser keeps a strict cookie to itself when another site leads here: that none was sent does not mean that there is none.</summary>
    private bool IsCookieWithheld() =>
        _services.Options.Cookie.SameSite == SameSiteMode.Strict
        && string.Equals(_context.Request.Headers["Sec-Fetch-Site"], "cross-site", StringComparison.OrdinalIgnoreCase);
}
