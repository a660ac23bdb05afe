using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;
using Sessions.Cookies;
using Sessions.Cookies.Protection;

namespace Sessions;

/// <summary>
/// A session that the client keeps in its own cookie: <c>http.CookieSession&lt;TData&gt;()</c>. The server remembers nothing of it, so it
/// can neither be listed nor ended from elsewhere, and an old copy is good until it expires. Not for use from several threads.
/// </summary>
/// <typeparam name="TData">What is kept, as JSON.</typeparam>
public sealed class CookieSession<TData>
    where TData : class
{
    private readonly HttpContext _context;
    private readonly CookieSessionManager<TData> _manager;
    private readonly CookieSessionRejection? _rejection;
    private CookieEnvelope? _envelope;
    private TData? _data;
    private IReadOnlyList<string>? _cookies;
    private bool _changed;
    private bool _written;

    internal CookieSession(HttpContext context, CookieSessionManager<TData> manager)
    {
        (_context, _manager) = (context, manager);
        if (manager.Read(context.Request.Headers.Cookie, out _rejection) is var (envelope, data))
        {
            (_envelope, _data) = (envelope, data);
        }

        // A response made for one client must reach no other client; one made for a stranger, none with a session.
        ResponseGuard.GetOrAdd(context).Limit(_envelope is null ? CacheLimit.Varying : CacheLimit.Private);

        if (!context.Response.HasStarted)
        {
            // An endpoint, or an error page after it, may remove headers: the cookie is written when the response starts.
            context.Response.OnStarting(static session => ((CookieSession<TData>)session).CompleteResponseAsync(), this);
            if (!PrefetchHeader.IsPrefetch(context.Request))
            {
                SlideIfDue();
            }
        }
    }

    /// <summary>When it ends if nothing happens; null without a session.</summary>
    public DateTimeOffset? ExpiresAt => _envelope is { } envelope ? _manager.GetExpiresAt(envelope) : null;

    /// <summary>The data; null without a session. To change what is in it changes nothing until it is set.</summary>
    public TData? Get() => _data;

    /// <summary>
    /// Keeps the data from now on, and begins a session where there is none. The cookie goes out with the start of the response, and only
    /// if the data differ from what the client has shown.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response has started: a cookie can no longer be sent.</exception>
    /// <exception cref="CookieSessionTooLargeException">The data do not fit. Nothing was changed.</exception>
    public void Set(TData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        ThrowIfStarted();
        var json = _manager.Serialize(data);
        if (_envelope is not { } shown || !json.AsSpan().SequenceEqual(shown.Json))
        {
            var envelope = _manager.Issue(_envelope, json);
            _cookies =
                _manager.Protect(_context, envelope, out var size)
                ?? throw new CookieSessionTooLargeException(_manager.Name, size, _manager.Cookie.MaxTotalSize);
            _envelope = envelope;
            MarkChanged();
        }

        _data = data;
    }

    /// <summary>Ends the session here, and takes the cookie back. A copy of it is good until it expires.</summary>
    /// <exception cref="InvalidOperationException">The response has started: the cookie can no longer be taken back.</exception>
    public void Clear()
    {
        ThrowIfStarted();
        (_envelope, _data, _cookies) = (null, null, null);
        MarkChanged();
    }

    private void SlideIfDue()
    {
        if (_envelope is { } shown && _manager.IsSlideDue(shown))
        {
            var envelope = _manager.Issue(shown, shown.Json);
            if (_manager.Protect(_context, envelope, out _) is { } cookies)
            {
                (_envelope, _cookies) = (envelope, cookies);
                MarkChanged();
            }
        }
    }

    private void MarkChanged()
    {
        _changed = true;
        ResponseGuard.GetOrAdd(_context).Limit(CacheLimit.NoStore);
    }

    private Task CompleteResponseAsync()
    {
        if (_rejection is { } reason)
        {
            return RaiseAndWriteAsync(reason);
        }

        WriteHeaders();
        return Task.CompletedTask;
    }

    // After the handlers, which may be slow: a value that is set before the headers are written is not lost.
    private async Task RaiseAndWriteAsync(CookieSessionRejection reason)
    {
        await _manager.RaiseRejectedAsync(reason).ConfigureAwait(false);
        WriteHeaders();
    }

    private void WriteHeaders()
    {
        _written = true;
        if (_changed)
        {
            if (_envelope is { } envelope && _cookies is { } cookies)
            {
                _manager.Cookie.Write(_context, cookies, _manager.GetMaxAge(envelope));
            }
            else
            {
                _manager.Cookie.Delete(_context);
            }
        }
    }

    private void ThrowIfStarted()
    {
        // Other callbacks may run after this one, while the headers can still change: what they set would be lost.
        if (_written || _context.Response.HasStarted)
        {
            throw new InvalidOperationException(
                $"The response has started, so the cookie of the cookie sessions \"{_manager.Name}\" can no longer be sent. Set or clear before anything is written."
            );
        }
    }
}
