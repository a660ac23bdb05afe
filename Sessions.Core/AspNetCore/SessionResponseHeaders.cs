using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// The cookie that the response sets or takes back for the sessions of one name: collected while the request runs and written when the
/// response starts, whatever the endpoint and its errors did to the headers before. What caches may do is up to <see cref="ResponseGuard"/>.
/// </summary>
internal struct SessionResponseHeaders
{
    private (Session Session, SessionToken Token)? _newCookie;
    private bool _deletesCookie;
    private CookieVariants _takenBack;
    private bool _isSignOut;

    /// <summary>The token that the response sets; null: none.</summary>
    public readonly SessionToken? NewToken => _newCookie?.Token;

    /// <summary>Whether the response sets or deletes the cookie.</summary>
    public readonly bool ChangesCookie => _newCookie is not null || _deletesCookie;

    public void SetCookie(Session session, SessionToken token) => (_newCookie, _deletesCookie) = ((session, token), false);

    /// <summary>Sets no cookie. The browser's stays: by now it may be another one than the request showed.</summary>
    public void SetNoCookie() => _newCookie = null;

    /// <summary>Takes the cookie back, for a user who signs out.</summary>
    public void DeleteCookie() => (_newCookie, _deletesCookie) = (null, true);

    /// <summary>The user signs out, with whichever cookie.</summary>
    public void SetSignOut() => _isSignOut = true;

    /// <summary>Beside the cookie that is set or taken back, takes back those that an earlier configuration has left.</summary>
    public void TakeBack(CookieVariants variants) => _takenBack = (CookieVariants)Math.Max((int)_takenBack, (int)variants);

    public readonly void WriteCookie(HttpContext context, NamedSessionServices services)
    {
        if (ChangesCookie)
        {
            // First: a client that takes a cookie with Domain and one without for the same keeps the last.
            services.Cookie.DeleteVariants(context, _takenBack);
        }

        if (_newCookie is { } issued)
        {
            services.Cookie.Set(context, issued.Session, issued.Token);
        }
        else if (_deletesCookie)
        {
            services.Cookie.Delete(context);
        }

        if (_isSignOut)
        {
            var kept = _newCookie is null ? ClearedSiteData.None : ClearedSiteData.Cookies;
            ClearSiteData.Append(context.Response.Headers, services.Options.ClearOnSignOut & ~kept);
        }
    }
}
