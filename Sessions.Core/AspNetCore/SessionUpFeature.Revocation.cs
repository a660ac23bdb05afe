namespace Sessions.AspNetCore;

/// <content>Learning that the session has ended while the request goes on.</content>
internal sealed partial class SessionUpFeature
{
    private (SessionId Id, CancellationToken Ended)? _revocation;

    /// <summary>Fires when the session of this request ends. Watched from here to the end of the request.</summary>
    public CancellationToken GetRevocationToken()
    {
        if (GetSession() is not { } session)
        {
            return new CancellationToken(canceled: _result!.Value.Rejection == SessionRejection.Revoked);
        }

        if (_revocation is { } watched && watched.Id == session.Id)
        {
            return watched.Ended;
        }

        var watch = _services.RevocationWatcher.Register(session);
        _context.Response.RegisterForDispose(watch);
        _revocation = (session.Id, watch.Ended);
        return watch.Ended;
    }
}
