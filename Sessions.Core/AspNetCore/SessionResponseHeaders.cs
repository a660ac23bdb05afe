using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// What the response will say of the sessions of one name: collected while the request runs and written when the response starts, whatever
/// the endpoint and its errors did to the headers before.
/// </summary>
internal struct SessionResponseHeaders
{
    private (Session Session, SessionToken Token)? _newCookie;
    private bool _deletesCookie;
    private bool _forbidsStorage;

    /// <summary>Whether a session was accepted. Stays when the request ends that session: the response was made for it.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>Whether the response depends on the session, or on its absence.</summary>
    public bool IsSessionDependent { get; set; }

    /// <summary>The token that the response sets; null: none.</summary>
    public readonly SessionToken? NewToken => _newCookie?.Token;

    /// <summary>Whether the response sets or deletes the cookie.</summary>
    public readonly bool ChangesCookie => _newCookie is not null || _deletesCookie;

    public void SetCookie(Session session, SessionToken token) => (_newCookie, _deletesCookie) = ((session, token), false);

    /// <summary>Sets no cookie. The browser's stays: by now it may be another one than the request showed.</summary>
    public void SetNoCookie() => _newCookie = null;

    /// <summary>Takes the cookie back, for a user who signs out.</summary>
    public void DeleteCookie() => (_newCookie, _deletesCookie) = (null, true);

    /// <summary>No cache may store the response: it carries a token.</summary>
    public void ForbidStorage() => _forbidsStorage = true;

    public readonly void WriteCookie(HttpContext context, NamedSessionServices services)
    {
        if (_newCookie is { } issued)
        {
            services.Cookie.Set(context, issued.Session, issued.Token);
        }
        else if (_deletesCookie)
        {
            services.Cookie.Delete(context);
        }
    }

    /// <summary>Keeps the response of one session from the next client. May be called more than once.</summary>
    public readonly void WriteCacheHeaders(HttpResponse response, NamedSessionServices services)
    {
        if (_forbidsStorage || ChangesCookie)
        {
            SessionCacheHeaders.SetNoStore(response.Headers);
        }
        else if (IsSessionDependent)
        {
            if (WasAccepted)
            {
                SessionCacheHeaders.SetNotShared(response.Headers);
            }

            SessionCacheHeaders.AddVary(response.Headers, services.Options.AllowBearerTokens);
        }
    }
}
