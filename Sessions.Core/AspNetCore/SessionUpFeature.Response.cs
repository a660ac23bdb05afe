namespace Sessions.AspNetCore;

/// <content>What the response says, written at the last moment: whatever the endpoint and its errors did to the headers before, this stands.</content>
internal sealed partial class SessionUpFeature
{
    private (Session Session, SessionToken Token)? _newCookie;
    private bool _deletesCookie;
    private bool _noStore;
    private bool _wasAccepted;
    private bool _isSessionDependent;

    private Task WriteHeadersAsync()
    {
        if (
            _newCookie is null
            && !_deletesCookie
            && _source == CredentialSource.Cookie
            && _result is { IsAccepted: true } verdict
            && _services.Authenticator.IsRotationDue(verdict)
        )
        {
            return RotateIfDueAsync(verdict);
        }

        WriteHeaders();
        return Task.CompletedTask;
    }

    /// <summary>The last moment at which a new secret can still reach the browser. One that does not is made good by a later request.</summary>
    private async Task RotateIfDueAsync(SessionAuthResult result)
    {
        if (await _services.Authenticator.RotateIfDueAsync(result, _token, NotCancelled).ConfigureAwait(false) is { } next)
        {
            _newCookie = (result.Session!, next);
        }

        WriteHeaders();
    }

    private void WriteHeaders()
    {
        if (_newCookie is { } issued)
        {
            _services.Cookie.Set(_context, issued.Session, issued.Token);
        }
        else if (_deletesCookie)
        {
            _services.Cookie.Delete(_context);
        }

        WriteCacheHeaders();
    }

    /// <summary>Keeps the response of a session from whoever comes next. May be called more than once.</summary>
    public void WriteCacheHeaders()
    {
        var headers = _context.Response.Headers;
        if (_noStore || _deletesCookie || _newCookie is not null)
        {
            SessionCacheHeaders.SetNoStore(headers);
        }
        else if (_isSessionDependent)
        {
            if (_wasAccepted)
            {
                SessionCacheHeaders.SetNotShared(headers);
            }

            SessionCacheHeaders.AddVary(headers, _services.Options.AllowBearerTokens);
        }

        _next?.WriteCacheHeaders();
    }
}
