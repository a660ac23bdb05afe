using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// One request, as far as the sessions of one name go: what it showed, and what was found. The feature of the request; where it has
/// sessions of several names, each has its own, in a chain. Calls no store and sets no header: <see cref="SessionAdmission"/> and
/// <see cref="SessionOperations"/> call stores, <see cref="SessionResponseHeaders"/> sets headers.
/// </summary>
internal sealed partial class SessionUpFeature : ISessionUpFeature
{
    private SessionUpFeature? _next;
    private bool _isUserLoaded;
    private object? _user;
    private VerbQueue? _verbs;
    private SessionAuthResult? _withheld;
    private (SessionId Id, CancellationToken Ended)? _revocation;

    private SessionUpFeature(HttpContext context, NamedSessionServices services)
    {
        (HttpContext, Services) = (context, services);
    }

    public HttpContext HttpContext { get; }

    public NamedSessionServices Services { get; }

    /// <summary>The answer to the request; null: not evaluated yet.</summary>
    public SessionAuthResult? Result { get; private set; }

    /// <summary>
    /// What was found before the request itself was looked at; null: not evaluated yet. Before routing it is not known whether the endpoint
    /// lets foreign origins in.
    /// </summary>
    public SessionAuthResult? Found => _withheld ?? Result;

    /// <summary>Whether the result may come from the cache.</summary>
    public bool IsCached { get; set; }

    /// <summary>Why the store could not be read; null: it could.</summary>
    public SessionStoreException? StoreFailure { get; set; }

    /// <summary>What the response will say. A mutable struct in a field: one object for each request is enough.</summary>
    public SessionResponseHeaders Response;

    /// <summary>The verbs of this request, which run one after the other. Most requests use none.</summary>
    public VerbQueue Verbs => LazyInitializer.EnsureInitialized(ref _verbs);

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
                feature.ForbidSharing();
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

    public void SetResult(SessionAuthResult result)
    {
        Result = result;
        if (result.Rejection != SessionRejection.CrossOrigin)
        {
            _withheld = null;
        }
    }

    /// <summary>A session was found, and a foreign origin is not to have it.</summary>
    public SessionAuthResult Withhold(SessionAuthResult found)
    {
        _withheld = found;
        return SessionAuthResult.Reject(SessionRejection.CrossOrigin);
    }

    /// <summary>The response depends on what was found: no cache may give it to another client.</summary>
    public void ForbidSharing()
    {
        if (Result is { } result)
        {
            ServerCaches.ForbidSharing(HttpContext, Services, result.IsAccepted);
        }
    }

    /// <summary>A session was begun by this request.</summary>
    public void SetIssued(IssuedSession issued, CredentialSource source)
    {
        SetResult(SessionAuthResult.Accept(issued.Session));
        (Token, OtherTokens, Source, IsCached, IsUseRecorded) = (issued.Token, [], source, false, true);
        SetUser(null);
        ServerCaches.ForbidStorage(HttpContext);
        if (source == CredentialSource.Cookie)
        {
            SetCookie(issued.Session, issued.Token);
        }
    }

    /// <summary>The response gives the browser a token.</summary>
    public void SetCookie(Session session, SessionToken token)
    {
        Response.SetCookie(session, token);
        ServerCaches.ForbidStorage(HttpContext);
    }

    /// <summary>The same session, changed by this request.</summary>
    public void ReplaceSession(Session session) => Result = Result!.Value.WithSession(session);

    /// <summary>The same session with another token. The store has just checked the one that was shown.</summary>
    public void ReplaceToken(Session session, SessionToken token)
    {
        ReplaceSession(session);
        IsCached = false;
        ServerCaches.ForbidStorage(HttpContext);
        if (Source == CredentialSource.Cookie)
        {
            Token = token;
            SetCookie(session, token);
        }
    }

    /// <summary>
    /// There is no session from here on, and the user did not sign out here: a cookie may have been set meanwhile, so the browser's stays.
    /// </summary>
    public void SetGone(SessionRejection rejection)
    {
        SetResult(SessionAuthResult.Reject(rejection));
        Response.SetNoCookie();
    }

    /// <summary>
    /// The user signed out: there is no session from here on, and the browser's cookie is taken back, even if there was nothing left to
    /// end.
    /// </summary>
    public void SetSignedOut()
    {
        SetResult(SessionAuthResult.Reject(SessionRejection.Revoked));
        if (Source != CredentialSource.Bearer)
        {
            Response.SetSignOut();
        }

        if (Source == CredentialSource.Cookie)
        {
            Response.DeleteCookie();
            ServerCaches.ForbidStorage(HttpContext);
        }
    }

    /// <summary>Whether the use of the session is recorded, or there is nothing to record.</summary>
    public bool IsUseRecorded { get; private set; }

    /// <summary>Whether the use of the session is still to be recorded; once a request.</summary>
    public bool TryMarkUseRecorded() => !IsUseRecorded && (IsUseRecorded = true);

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

    private static SessionUpFeature Create(HttpContext context, NamedSessionServices services)
    {
        var feature = new SessionUpFeature(context, services);
        if (!context.Response.HasStarted)
        {
            // Callbacks run last to first: registered before the endpoint runs, this one has the last word on our cookie.
            context.Response.OnStarting(static state => SessionOperations.CompleteResponseAsync((SessionUpFeature)state), feature);
        }

        return feature;
    }
}
