namespace Sessions.AspNetCore;

/// <content>Refusals as events.</content>
internal sealed partial class SessionUpFeature
{
    private bool _isRefusalRaised;

    /// <summary>Why the request was refused by the last policy, whatever it did since; none: it was not.</summary>
    public SessionRejection Refusal { get; set; }

    /// <summary>Raises the event of a refusal, once a request, unless the authenticator has.</summary>
    /// <param name="isRequired">Whether the request is refused, so that a missing token counts.</param>
    public ValueTask RaiseRejectedAsync(bool isRequired)
    {
        var reason = Refusal;
        if (_isRefusalRaised || !IsRaisedHere(reason, isRequired))
        {
            return ValueTask.CompletedTask;
        }

        _isRefusalRaised = true;
        SessionId? id = reason is SessionRejection.NoToken or SessionRejection.MalformedToken ? null : Token.Id;
        return Services.Authenticator.RaiseRejectedAsync(id, reason, Services.Client.Read(HttpContext));
    }

    private static bool IsRaisedHere(SessionRejection reason, bool isRequired) =>
        reason switch
        {
            SessionRejection.NoToken => isRequired,
            SessionRejection.MalformedToken or SessionRejection.CrossOrigin or SessionRejection.StoreUnavailable => true,
            SessionRejection.UserUnavailable or SessionRejection.UserUnknown or SessionRejection.Reauthenticate => true,
            _ => false,
        };
}
