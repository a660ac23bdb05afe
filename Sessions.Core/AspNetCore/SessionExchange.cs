using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// One request and its response, as far as the sessions of one name go: what was found, what was done since, and what the response has to say. The feature of the request;
/// where several names are looked at, each has its own, in a chain.
/// </summary>
internal sealed partial class SessionExchange : ISessionUpFeature
{
    private readonly HttpContext _context;
    private readonly SessionHttp _http;
    private SessionExchange? _next;
    private SessionVerdict? _verdict;
    private SessionToken _token;
    private CredentialSource _source;
    private bool _seen;
    private bool _remembered;
    private SessionStoreException? _failure;
    private (Session Session, SessionToken Token, bool Remembered)? _offered;

    private SessionExchange(HttpContext context, SessionHttp http)
    {
        (_context, _http) = (context, http);
        if (!context.Response.HasStarted)
        {
            // Callbacks run last to first: registered before the endpoint runs, this one has the last word on the headers.
            context.Response.OnStarting(static exchange => ((SessionExchange)exchange).WriteHeadersAsync(), this);
        }
    }

    /// <summary>What the filters found; null when nobody has looked.</summary>
    public SessionVerdict? Verdict => _verdict;

    /// <summary>The exchange of a request with the sessions of one name, begun if need be.</summary>
    public static SessionExchange Of(HttpContext context, SessionHttp http)
    {
        // By its type: the generic way of the server's features takes three times as long, and this is asked with every request.
        if (context.Features[typeof(ISessionUpFeature)] is not SessionExchange last)
        {
            var first = new SessionExchange(context, http);
            context.Features.Set<ISessionUpFeature>(first);
            return first;
        }

        while (!string.Equals(last._http.Name, http.Name, StringComparison.Ordinal))
        {
            last = last._next ??= new SessionExchange(context, http);
        }

        return last;
    }

    /// <inheritdoc />
    public SessionVerdict? GetVerdict(string name = "")
    {
        for (var exchange = this; exchange is not null; exchange = exchange._next)
        {
            if (string.Equals(exchange._http.Name, name, StringComparison.Ordinal))
            {
                return exchange._verdict;
            }
        }

        return null;
    }

    /// <summary>Looks at what the client shows, once a request.</summary>
    /// <param name="maxAge">How long ago the user may have proved who he is; null: any time.</param>
    /// <param name="authoritative">Whether the store itself is asked; once more, if a cache has let the request in before. A refusal always comes from the store.</param>
    public ValueTask<SessionVerdict> AuthAsync(TimeSpan? maxAge = null, bool authoritative = false)
    {
        var looking =
            _verdict is { } known && !(authoritative && _remembered && known.Accepted)
                ? new ValueTask<SessionVerdict>(known)
                : LookAsync(authoritative);
        return looking.IsCompletedSuccessfully ? new(Keep(looking.Result, maxAge)) : AwaitAsync(looking, maxAge);

        async ValueTask<SessionVerdict> AwaitAsync(ValueTask<SessionVerdict> looking, TimeSpan? maxAge) =>
            Keep(await looking.ConfigureAwait(false), maxAge);
    }

    /// <summary>Follows up on an accepted session, once a request: a rotated secret is confirmed, the use of the session written down.</summary>
    public ValueTask SeenAsync(bool slide)
    {
        if (_seen || _verdict is not { Accepted: true } verdict)
        {
            return ValueTask.CompletedTask;
        }

        _seen = true;
        return _http.Manager.HasToSee(verdict, slide)
            ? _http.Manager.SeenAsync(verdict, _http.Client.Read(_context), slide, NotCancelled)
            : ValueTask.CompletedTask;
    }

    /// <summary>What comes next depends on the session: from here on caches are told so.</summary>
    public void Guard() => _guarded = true;

    /// <summary>Remembers the session that somebody else has found for this request, in a cookie of his own, until he has decided about its user.</summary>
    public void Offer(Session session, SessionToken token, bool remembered) => _offered = (session, token, remembered);

    /// <summary>He has: the session that he found is the one of this request.</summary>
    public void AdoptOffered()
    {
        if (_verdict is null && _offered is { } offered)
        {
            (_source, _token) = (CredentialSource.Ticket, offered.Token);
            (_accepted, _remembered) = (true, offered.Remembered);
            _verdict = _http.CrossOrigin.IsForeign(_context)
                ? SessionVerdict.Reject(SessionRejection.CrossOrigin)
                : SessionVerdict.Accept(offered.Session);
        }
    }

    /// <summary>Answers a request that is refused. One that has a session all the same is asked for another sign-in.</summary>
    public Task RejectAsync() =>
        SessionRejectionResponse.WriteAsync(
            _context,
            _http,
            _verdict is { Rejection: not SessionRejection.None } verdict ? verdict.Rejection : SessionRejection.NoToken
        );

    private SessionVerdict Keep(SessionVerdict verdict, TimeSpan? maxAge)
    {
        if (verdict.Session is { } session && maxAge is { } age && !_http.Manager.IsFresh(session, age))
        {
            verdict = SessionVerdict.Reject(SessionRejection.Reauthenticate);
        }

        _accepted = verdict.Accepted;
        _verdict = verdict;
        return verdict;
    }

    // An answer that is there already, from memory, is passed on without waiting for it layer by layer.
    private ValueTask<SessionVerdict> LookAsync(bool authoritative)
    {
        var asking = AskAsync(authoritative);
        return asking.IsCompletedSuccessfully ? SettleAsync(asking.Result) : AwaitAsync(asking);

        async ValueTask<SessionVerdict> AwaitAsync(ValueTask<SessionVerdict> asking)
        {
            SessionVerdict verdict;
            try
            {
                verdict = await asking.ConfigureAwait(false);
            }
            catch (SessionStoreException e)
            {
                _failure = e;
                verdict = SessionVerdict.Reject(SessionRejection.StoreUnavailable);
            }

            return await SettleAsync(verdict).ConfigureAwait(false);
        }
    }

    private ValueTask<SessionVerdict> AskAsync(bool authoritative)
    {
        // What was adopted is asked about again by the token that it came with: the request does not show it to us.
        var isAdopted = _verdict is not null && _source == CredentialSource.Ticket;
        var rejection = isAdopted ? SessionRejection.None : _http.Read(_context.Request, out _token, out _source);
        if (rejection != SessionRejection.None)
        {
            return new(SessionVerdict.Reject(rejection));
        }

        var client = _http.Manager.ComparesClients ? _http.Client.Read(_context) : null;
        _remembered = !authoritative && _http.Manager.Remembers;
        return _http.Manager.AuthAsync(_token, client, authoritative, _context.RequestAborted);
    }

    private ValueTask<SessionVerdict> SettleAsync(SessionVerdict verdict)
    {
        if (verdict.Accepted && _source == CredentialSource.Cookie && _http.CrossOrigin.IsForeign(_context))
        {
            verdict = SessionVerdict.Reject(SessionRejection.CrossOrigin);
        }

        _clear = _source == CredentialSource.Cookie && IsDead(verdict.Rejection) && MayClear(_context.Request);
        return verdict.Session is { } session ? WithUserAsync(verdict, session) : new(verdict);
    }

    private static bool IsDead(SessionRejection rejection) =>
        rejection
            is SessionRejection.MalformedToken
                or SessionRejection.Unknown
                or SessionRejection.Expired
                or SessionRejection.WrongSecret
                or SessionRejection.Ended
                or SessionRejection.ReusedSecret;

    /// <summary>A poll in flight must not erase the cookie of a login beside it; a navigation has nothing beside it.</summary>
    private static bool MayClear(HttpRequest request)
    {
        var mode = request.Headers["Sec-Fetch-Mode"];
        return mode.Count == 0 || mode == "navigate";
    }
}
