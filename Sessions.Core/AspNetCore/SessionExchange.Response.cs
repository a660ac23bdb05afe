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
        if (_issued is { } issued)
        {
            _http.Cookie.Set(_context, issued.Session, issued.Token);
        }
        else if (_clear)
        {
            _http.Cookie.Clear(_context);
        }

        WriteCacheHeaders();
        return Task.CompletedTask;
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
