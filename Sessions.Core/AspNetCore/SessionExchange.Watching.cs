namespace Sessions.AspNetCore;

/// <content>Learning that the session has ended while the request goes on.</content>
internal sealed partial class SessionExchange
{
    private (SessionId Id, CancellationToken Ended)? _watched;

    /// <summary>Fires when the session of this request ends. Watched from here to the end of the request.</summary>
    public CancellationToken Revoked()
    {
        if (Current() is not { } session)
        {
            return new CancellationToken(canceled: _verdict!.Value.Rejection == SessionRejection.Revoked);
        }

        if (_watched is { } watched && watched.Id == session.Id)
        {
            return watched.Ended;
        }

        var watch = _http.Manager.Watch(session);
        _context.Response.RegisterForDispose(watch);
        _watched = (session.Id, watch.Ended);
        return watch.Ended;
    }
}
