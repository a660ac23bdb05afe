using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <content>The application's own object for the user of the session, loaded once a request.</content>
internal sealed partial class SessionUpFeature
{
    private object? _user;

    /// <summary>The user that was loaded with the session; null when there is none.</summary>
    public object? User => _result is { IsAccepted: true } ? _user : null;

    /// <summary>Loads the user again, for instance after he was changed.</summary>
    public async ValueTask<object?> RefreshUserAsync()
    {
        _user =
            GetSession() is { UserKey: not null } session && _services.LoadUser is { } load
                ? await load(session, _context.RequestServices, _context.RequestAborted).ConfigureAwait(false)
                : null;
        return _user;
    }

    // A second look at the session is none at its user, who is loaded once.
    private ValueTask<SessionAuthResult> LoadUserIfNeededAsync(SessionAuthResult result, Session session) =>
        session.UserKey is null || _user is not null || _services.LoadUser is not { } load
            ? new(result)
            : LoadUserAsync(result, session, load);

    private async ValueTask<SessionAuthResult> LoadUserAsync(SessionAuthResult result, Session session, SessionUserLoader load)
    {
        try
        {
            _user = await load(session, _context.RequestServices, _context.RequestAborted).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever keeps the application from finding its user, the answer is 503 and not a sign-out.
        catch (Exception e) when (e is not OperationCanceledException || !_context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            SessionLog.UserFailed(_services.Log, session.Id, e);
            return SessionAuthResult.Reject(SessionRejection.UserUnavailable);
        }

        return _user is null ? SessionAuthResult.Reject(SessionRejection.UserUnknown) : result;
    }
}
