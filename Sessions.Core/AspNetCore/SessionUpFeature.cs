using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// One request, as far as the sessions of one name go: what it showed, and what was found. The feature of the request; where it has
/// sessions of several names, each has its own, in a chain. Calls no store and sets no header: <see cref="SessionAdmission"/> and
/// <see cref="SessionOperations"/> call stores, <see cref="SessionResponseHeaders"/> sets headers.
/// </summary>
internal sealed class SessionUpFeature : ISessionUpFeature
{
    private SessionUpFeature? _next;
    private bool _isUseRecorded;
    private bool _isUserLoaded;
    private object? _user;
    private (Session Session, SessionToken Token, bool IsCached)? _candidate;
    private (SessionId Id, CancellationToken Ended)? _revocation;

    private SessionUpFeature(HttpContext context, NamedSessionServices services)
    {
        (HttpContext, Services) = (context, services);
    }

    public HttpContext HttpContext { get; }

    public NamedSessionServices Services { get; }

    /// <summary>What was found; null: not evaluated yet.</summary>
    public SessionAuthResult? Result { get; private set; }

    /// <summary>What the request showed, or was given since.</summary>
    public SessionToken Token { get; private set; }

    public CredentialSource Source { get; private set; }

    /// <summary>Whether the result may come from the cache.</summary>
    public bool IsCached { get; set; }

    /// <summary>Why the store could not be read; null: it could.</summary>
    public SessionStoreException? StoreFailure { get; set; }

    /// <summary>What the response will say. A mutable struct in a field: one object for each request is enough.</summary>
    public SessionResponseHeaders Response;

    /// <summary>The application's user of the session; null: there is none, or it is not loaded.</summary>
    public object? User => Result is { IsAccepted: true } ? _user : null;

    /// <summary>The feature of a request for the sessions of one name, added if need be.</summary>
    public static SessionUpFeature GetOrAdd(HttpContext context, NamedSessionServices services)
    {
        // By its type: the generic way of the server's features takes three times as long, and every request comes here.
        if (context.Features[typeof(ISessionUpFeature)] is not SessionUpFeature last)
        {
            var first = Create(context, services);
            context.Features.Set<ISessionUpFeature>(first);
            return first;
        }

        while (!string.Equals(last.Services.Name, services.Name, StringComparison.Ordinal))
        {
            last = last._next ??= Create(context, services);
        }

        return last;
    }

    /// <inheritdoc />
    public SessionAuthResult? GetAuthResult(string name = "")
    {
        for (var feature = this; feature is not null; feature = feature._next)
        {
            if (string.Equals(feature.Services.Name, name, StringComparison.Ordinal))
            {
                return feature.Result;
            }
        }

        return null;
    }

    /// <summary>The session of this request, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The request was not evaluated.</exception>
    /// <exception cref="SessionStoreException">The store could not be read.</exception>
    public Session? GetSession()
    {
        var result = Result ?? throw HttpContextSessionExtensions.CreateNotEvaluatedException(Services.Name);
        return StoreFailure is not null && result.Rejection == SessionRejection.StoreUnavailable
            ? throw new SessionStoreException("The store could not be asked for the session of this request.", StoreFailure)
            : result.Session;
    }

    /// <summary>Reads the token that the request shows.</summary>
    /// <returns>None, or why there is no token.</returns>
    public SessionRejection ReadToken()
    {
        if (Result is not null && Source == CredentialSource.Ticket)
        {
            // The session came with the ticket of cookie authentication; the request has no token of ours.
            return SessionRejection.None;
        }

        var rejection = Services.ReadToken(HttpContext.Request, out var token, out var source);
        (Token, Source) = (token, source);
        return rejection;
    }

    public void SetResult(SessionAuthResult result)
    {
        Result = result;
        Response.WasAccepted = result.IsAccepted;
    }

    /// <summary>A session was begun by this request.</summary>
    public void SetIssued(IssuedSession issued, CredentialSource source)
    {
        SetResult(SessionAuthResult.Accept(issued.Session));
        (Token, Source, IsCached, _isUseRecorded) = (issued.Token, source, false, true);
        SetUser(null);
        Response.IsSessionDependent = true;
        if (source == CredentialSource.Cookie)
        {
            Response.SetCookie(issued.Session, issued.Token);
        }
        else
        {
            Response.ForbidStorage();
        }
    }

    /// <summary>The same session, changed by this request.</summary>
    public void ReplaceSession(Session session) => Result = Result!.Value.WithSession(session);

    /// <summary>The same session with another token. The store has just checked the one that was shown.</summary>
    public void ReplaceToken(Session session, SessionToken token)
    {
        ReplaceSession(session);
        IsCached = false;
        Response.ForbidStorage();
        if (Source == CredentialSource.Cookie)
        {
            Token = token;
            Response.SetCookie(session, token);
        }
    }

    /// <summary>
    /// There is no session from here on, and the user did not sign out here: a cookie may have been set meanwhile, so the browser's stays.
    /// </summary>
    public void SetGone()
    {
        Result = SessionAuthResult.Reject(SessionRejection.Unknown);
        Response.SetNoCookie();
    }

    /// <summary>
    /// The user signed out: there is no session from here on, and the browser's cookie is taken back, even if there was nothing left to
    /// end.
    /// </summary>
    public void SetSignedOut()
    {
        Result = SessionAuthResult.Reject(SessionRejection.Revoked);
        if (Source == CredentialSource.Cookie)
        {
            Response.DeleteCookie();
        }
    }

    /// <summary>Holds the session of a ticket until the application has accepted the user of the ticket.</summary>
    public void SetCandidate(Session session, SessionToken token, bool isCached) => _candidate = (session, token, isCached);

    /// <summary>The application has accepted the user of the ticket: its session is the one of this request, unless there is one.</summary>
    public void AcceptCandidate()
    {
        if (Result is null && _candidate is { } candidate)
        {
            (Source, Token, IsCached) = (CredentialSource.Ticket, candidate.Token, candidate.IsCached);
            SetResult(
                Services.CrossOrigin.IsForeign(HttpContext)
                    ? SessionAuthResult.Reject(SessionRejection.CrossOrigin)
                    : SessionAuthResult.Accept(candidate.Session)
            );
        }
    }

    /// <summary>The ticket is gone, and with it the session that came with it. A session of our own cookie stays.</summary>
    public void EndAccepted()
    {
        _candidate = null;
        if (Source == CredentialSource.Ticket)
        {
            SetSignedOut();
        }
    }

    /// <summary>Whether the use of the session is still to be recorded; once a request.</summary>
    public bool TryMarkUseRecorded() => !_isUseRecorded && (_isUseRecorded = true);

    /// <summary>Whether the user of an accepted session is still to be loaded; once a request.</summary>
    public bool NeedsUser(SessionAuthResult result) =>
        !_isUserLoaded && Services.LoadUser is not null && result.Session is { UserKey: not null };

    public void SetUser(object? user) => (_user, _isUserLoaded) = (user, true);

    /// <summary>Fires when the session of this request ends, until the request itself ends.</summary>
    public CancellationToken GetRevocationToken()
    {
        if (GetSession() is not { } session)
        {
            return new CancellationToken(canceled: Result!.Value.Rejection == SessionRejection.Revoked);
        }

        if (_revocation is { } registered && registered.Id == session.Id)
        {
            return registered.Ended;
        }

        var registration = Services.RevocationWatcher.Register(session);
        HttpContext.Response.RegisterForDispose(registration);
        _revocation = (session.Id, registration.Ended);
        return registration.Ended;
    }

    /// <summary>Writes the cache headers of all names. May be called more than once.</summary>
    public void WriteCacheHeaders()
    {
        for (var feature = this; feature is not null; feature = feature._next)
        {
            feature.Response.WriteCacheHeaders(feature.HttpContext.Response, feature.Services);
        }
    }

    private static SessionUpFeature Create(HttpContext context, NamedSessionServices services)
    {
        var feature = new SessionUpFeature(context, services);
        if (!context.Response.HasStarted)
        {
            // Callbacks run last to first: registered before the endpoint runs, this one has the last word on the headers.
            context.Response.OnStarting(static state => SessionOperations.CompleteResponseAsync((SessionUpFeature)state), feature);
        }

        return feature;
    }
}
