using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// One request and its response, as far as the sessions of one name go: what was found, what was done since, and what the response has to say. The feature of the request;
/// where several names are looked at, each has its own, in a chain.
/// </summary>
internal sealed partial class SessionUpFeature : ISessionUpFeature
{
    private readonly HttpContext _context;
    private readonly NamedSessionServices _services;
    private SessionUpFeature? _next;
    private SessionAuthResult? _result;
    private SessionToken _token;
    private CredentialSource _source;
    private bool _isUseRecorded;
    private bool _isCached;
    private SessionStoreException? _failure;
    private (Session Session, SessionToken Token, bool Remembered)? _candidate;

    private SessionUpFeature(HttpContext context, NamedSessionServices services)
    {
        (_context, _services) = (context, services);
        if (!context.Response.HasStarted)
        {
            // Callbacks run last to first: registered before the endpoint runs, this one has the last word on the headers.
            context.Response.OnStarting(static exchange => ((SessionUpFeature)exchange).WriteHeadersAsync(), this);
        }
    }

    /// <summary>What the filters found; null when nobody has looked.</summary>
    public SessionAuthResult? Result => _result;

    /// <summary>The exchange of a request with the sessions of one name, begun if need be.</summary>
    public static SessionUpFeature GetOrAdd(HttpContext context, NamedSessionServices services)
    {
        // By its type: the generic way of the server's features takes three times as long, and this is asked with every request.
        if (context.Features[typeof(ISessionUpFeature)] is not SessionUpFeature last)
        {
            var first = new SessionUpFeature(context, services);
            context.Features.Set<ISessionUpFeature>(first);
            return first;
        }

        while (!string.Equals(last._services.Name, services.Name, StringComparison.Ordinal))
        {
            last = last._next ??= new SessionUpFeature(context, services);
        }

        return last;
    }

    /// <inheritdoc />
    public SessionAuthResult? GetAuthResult(string name = "")
    {
        for (var exchange = this; exchange is not null; exchange = exchange._next)
        {
            if (string.Equals(exchange._services.Name, name, StringComparison.Ordinal))
            {
                return exchange._result;
            }
        }

        return null;
    }

    /// <summary>Looks at what the client shows, once a request.</summary>
    /// <param name="maxAge">How long ago the user may have proved who he is; null: any time.</param>
    /// <param name="bypassCache">Whether the store itself is asked; once more, if a cache has let the request in before. A refusal always comes from the store.</param>
    public ValueTask<SessionAuthResult> AuthAsync(TimeSpan? maxAge = null, bool bypassCache = false)
    {
        var looking =
            _result is { } known && !(bypassCache && _isCached && known.IsAccepted)
                ? new ValueTask<SessionAuthResult>(known)
                : AuthenticateAsync(bypassCache);
        return looking.IsCompletedSuccessfully ? new(SetResult(looking.Result, maxAge)) : AwaitAsync(looking, maxAge);

        async ValueTask<SessionAuthResult> AwaitAsync(ValueTask<SessionAuthResult> pending, TimeSpan? maxAge) =>
            SetResult(await pending.ConfigureAwait(false), maxAge);
    }

    /// <summary>Follows up on an accepted session, once a request: a rotated secret is confirmed, the use of the session written down.</summary>
    public ValueTask RecordUseAsync(bool slide)
    {
        if (_isUseRecorded || _result is not { IsAccepted: true } verdict)
        {
            return ValueTask.CompletedTask;
        }

        _isUseRecorded = true;
        return _services.Authenticator.NeedsRecording(verdict, slide)
            ? _services.Authenticator.RecordUseAsync(verdict, _services.Client.Read(_context), slide, NotCancelled)
            : ValueTask.CompletedTask;
    }

    /// <summary>What comes next depends on the session: from here on caches are told so.</summary>
    public void MarkSessionDependent() => _isSessionDependent = true;

    /// <summary>Remembers the session that somebody else has found for this request, in a cookie of his own, until he has decided about its user.</summary>
    public void SetCandidate(Session session, SessionToken token, bool isCached) => _candidate = (session, token, isCached);

    /// <summary>He has: the session that he found is the one of this request.</summary>
    public void AcceptCandidate()
    {
        if (_result is null && _candidate is { } offered)
        {
            (_source, _token) = (CredentialSource.Ticket, offered.Token);
            (_wasAccepted, _isCached) = (true, offered.Remembered);
            _result = _services.CrossOrigin.IsForeign(_context)
                ? SessionAuthResult.Reject(SessionRejection.CrossOrigin)
                : SessionAuthResult.Accept(offered.Session);
        }
    }

    /// <summary>Answers a request that is refused. One that has a session all the same is asked for another sign-in.</summary>
    public Task RejectAsync() =>
        SessionRejectionResponse.WriteAsync(
            _context,
            _services,
            _result is { Rejection: not SessionRejection.None } verdict ? verdict.Rejection : SessionRejection.NoToken
        );

    private SessionAuthResult SetResult(SessionAuthResult result, TimeSpan? maxAge)
    {
        if (result.Session is { } session && maxAge is { } age && !_services.Authenticator.IsFresh(session, age))
        {
            result = SessionAuthResult.Reject(SessionRejection.Reauthenticate);
        }

        _wasAccepted = result.IsAccepted;
        _result = result;
        return result;
    }

    // An answer that is there already, from memory, is passed on without waiting for it layer by layer.
    private ValueTask<SessionAuthResult> AuthenticateAsync(bool bypassCache)
    {
        var asking = AuthenticateTokenAsync(bypassCache);
        return asking.IsCompletedSuccessfully ? ApplyRequestRulesAsync(asking.Result) : AwaitAsync(asking);

        async ValueTask<SessionAuthResult> AwaitAsync(ValueTask<SessionAuthResult> pending)
        {
            SessionAuthResult verdict;
            try
            {
                verdict = await pending.ConfigureAwait(false);
            }
            catch (SessionStoreException e)
            {
                _failure = e;
                verdict = SessionAuthResult.Reject(SessionRejection.StoreUnavailable);
            }

            return await ApplyRequestRulesAsync(verdict).ConfigureAwait(false);
        }
    }

    private ValueTask<SessionAuthResult> AuthenticateTokenAsync(bool bypassCache)
    {
        // What was adopted is asked about again by the token that it came with: the request does not show it to us.
        var isAdopted = _result is not null && _source == CredentialSource.Ticket;
        var rejection = isAdopted ? SessionRejection.None : _services.ReadToken(_context.Request, out _token, out _source);
        if (rejection != SessionRejection.None)
        {
            return new(SessionAuthResult.Reject(rejection));
        }

        var client = _services.Authenticator.NeedsClient ? _services.Client.Read(_context) : null;
        _isCached = !bypassCache && _services.Authenticator.HasCache;
        return _services.Authenticator.AuthAsync(_token, client, bypassCache, _context.RequestAborted);
    }

    private ValueTask<SessionAuthResult> ApplyRequestRulesAsync(SessionAuthResult result)
    {
        if (result.IsAccepted && _source == CredentialSource.Cookie && _services.CrossOrigin.IsForeign(_context))
        {
            result = SessionAuthResult.Reject(SessionRejection.CrossOrigin);
        }

        _deletesCookie = _source == CredentialSource.Cookie && IsUnusableToken(result.Rejection) && CanDeleteCookie(_context.Request);
        return result.Session is { } session ? LoadUserIfNeededAsync(result, session) : new(result);
    }

    private static bool IsUnusableToken(SessionRejection rejection) =>
        rejection
            is SessionRejection.MalformedToken
                or SessionRejection.Unknown
                or SessionRejection.Expired
                or SessionRejection.WrongSecret
                or SessionRejection.Ended
                or SessionRejection.ReusedSecret;

    /// <summary>A poll in flight must not erase the cookie of a login beside it; a navigation has nothing beside it.</summary>
    private static bool CanDeleteCookie(HttpRequest request)
    {
        var mode = request.Headers["Sec-Fetch-Mode"];
        return mode.Count == 0 || mode == "navigate";
    }
}
