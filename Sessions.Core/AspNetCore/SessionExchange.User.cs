using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <content>The application's own object for the user of the session, loaded once a request.</content>
internal sealed partial class SessionExchange
{
    private object? _user;

    /// <summary>The user that was loaded with the session; null when there is none.</summary>
    public object? User => _verdict is { Accepted: true } ? _user : null;

    /// <summary>Loads the user again, for instance after he was changed.</summary>
    public async ValueTask<object?> RefreshUserAsync()
    {
        _user =
            Current() is { UserKey: not null } session && _http.LoadUser is { } load
                ? await load(session, _context.RequestServices, _context.RequestAborted).ConfigureAwait(false)
                : null;
        return _user;
    }

    // A second look at the session is none at its user, who is loaded once.
    private ValueTask<SessionVerdict> WithUserAsync(SessionVerdict verdict, Session session) =>
        session.UserKey is null || _user is not null || _http.LoadUser is not { } load
            ? new(verdict)
            : LoadUserAsync(verdict, session, load);

    private async ValueTask<SessionVerdict> LoadUserAsync(SessionVerdict verdict, Session session, SessionUserLoader load)
    {
        try
        {
            _user = await load(session, _context.RequestServices, _context.RequestAborted).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever keeps the application from finding its user, the answer is 503 and not a sign-out.
        catch (Exception e) when (e is not OperationCanceledException || !_context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            SessionLog.UserFailed(_http.Log, session.Id, e);
            return SessionVerdict.Reject(SessionRejection.UserUnavailable);
        }

        return _user is null ? SessionVerdict.Reject(SessionRejection.UserUnknown) : verdict;
    }
}
