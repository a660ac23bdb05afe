namespace Sessions.AspNetCore;

/// <content>What the response says, written at the last moment: whatever the endpoint and its errors did to the headers before, this stands.</content>
internal sealed partial class SessionExchange
{
    private (Session Session, SessionToken Token)? _issued;
    private bool _clear;
    private bool _noStore;
    private bool _accepted;
    private bool _guarded;

    private Task WriteHeadersAsync()
    {
        if (
            _issued is null
            && !_clear
            && _source == CredentialSource.Cookie
            && _verdict is { Accepted: true } verdict
            && _http.Manager.HasToRotate(verdict)
        )
        {
            return RotateIfDueAsync(verdict);
        }

        WriteHeaders();
        return Task.CompletedTask;
    }

    /// <summary>The last moment at which a new secret can still reach the browser. One that does not is made good by a later request.</summary>
    private async Task RotateIfDueAsync(SessionVerdict verdict)
    {
        if (await _http.Manager.RotateIfDueAsync(verdict, _token, NotCancelled).ConfigureAwait(false) is { } next)
        {
            _issued = (verdict.Session!, next);
        }

        WriteHeaders();
    }

    private void WriteHeaders()
    {
        if (_issued is { } issued)
        {
            _http.Cookie.Set(_context, issued.Session, issued.Token);
        }
        else if (_clear)
        {
            _http.Cookie.Clear(_context);
        }

        WriteCacheHeaders();
    }

    /// <summary>Keeps the response of a session from whoever comes next. May be called more than once.</summary>
    public void WriteCacheHeaders()
    {
        var headers = _context.Response.Headers;
        if (_noStore || _clear || _issued is not null)
        {
            SessionCacheHeaders.NoStore(headers);
        }
        else if (_guarded)
        {
            if (_accepted)
            {
                SessionCacheHeaders.NotShared(headers);
            }

            SessionCacheHeaders.Vary(headers, _http.Options.Bearer);
        }

        _next?.WriteCacheHeaders();
    }
}
