using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <content>Visitors who come, sign in and out; users who prove again who they are; new secrets.</content>
internal sealed partial class SessionExchange
{
    /// <summary>The visitor's session, begun if there is none yet and there may be one.</summary>
    public async ValueTask<Session?> StartAsync(SessionInit init)
    {
        var verdict = await AuthAsync().ConfigureAwait(false);
        if (verdict.Session is { } session)
        {
            return session;
        }

        ThrowIfNoCookieCanBeSet();

        // In both cases the browser may well hold a session that nobody can see, and a new cookie would lose it.
        if (verdict.Rejection == SessionRejection.StoreUnavailable || IsHidden())
        {
            return null;
        }

        return SetCookie(await _http.Manager.StartAsync(Complete(init, held: null), NotCancelled).ConfigureAwait(false));
    }

    public async ValueTask<Session> LogInAsync(string userKey, SessionInit init, bool exclusive)
    {
        ThrowIfNoCookieCanBeSet();
        var current = (await AuthAsync().ConfigureAwait(false)).Session;
        return SetCookie(
            await _http.Manager.LogInAsync(userKey, current, Complete(init, Held()), exclusive, NotCancelled).ConfigureAwait(false)
        );
    }

    public async ValueTask<bool> LogOutAsync(bool keepValues)
    {
        if (Current() is not { } current)
        {
            return false;
        }

        if (keepValues)
        {
            ThrowIfNoCookieCanBeSet();
        }

        var visitor = await _http.Manager.LogOutAsync(current, keepValues, NotCancelled).ConfigureAwait(false);
        End(SessionRejection.Revoked);
        if (visitor is not null)
        {
            SetCookie(visitor);
        }

        return true;
    }

    public async ValueTask<IssuedSession?> ReauthenticateAsync(string? method)
    {
        if (Current() is not { } current)
        {
            return null;
        }

        ThrowIfNoTokenCanBeReplaced();
        var issued = await _http.Manager.ReauthenticateAsync(current, _token, method, NotCancelled).ConfigureAwait(false);
        if (issued is not null)
        {
            Replace(issued.Session, issued.Token);
        }

        return issued;
    }

    public async ValueTask<SessionToken?> RotateAsync()
    {
        if (Current() is not { } current)
        {
            return null;
        }

        ThrowIfNoTokenCanBeReplaced();
        var next = await _http.Manager.RotateAsync(current, _token, NotCancelled).ConfigureAwait(false);
        if (next is { } token)
        {
            Replace(current, token);
        }

        return next;
    }

    private void ThrowIfNoTokenCanBeReplaced()
    {
        if (_source == CredentialSource.Ticket)
        {
            throw new InvalidOperationException(
                "The token of this session is in the cookie of ASP.NET Core's cookie authentication, which alone can replace it. Sign the user in again with SignInAsync."
            );
        }

        ThrowIfNoCookieCanBeSet();
    }

    private void Replace(Session session, SessionToken token)
    {
        // The store has just checked the secret, which from here on is not the one that the request shows.
        (_verdict, _remembered) = (_verdict!.Value.On(session), false);
        _noStore = true;
        if (_source == CredentialSource.Cookie)
        {
            (_issued, _token) = ((session, token), token);
        }
    }

    /// <summary>A browser keeps a strict cookie to itself when another site leads here: that none was sent does not mean that there is none.</summary>
    private bool IsHidden() =>
        _http.Options.Cookie.SameSite == SameSiteMode.Strict
        && string.Equals(_context.Request.Headers["Sec-Fetch-Site"], "cross-site", StringComparison.OrdinalIgnoreCase);
}
