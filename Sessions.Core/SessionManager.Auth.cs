namespace Sessions;

/// <content>Checking tokens.</content>
public sealed partial class SessionManager
{
    /// <summary>Whether the manager wants to know who calls.</summary>
    internal bool NeedsClient => _options.Binding.IsEnabled;

    /// <summary>
    /// Checks a token: fetch, expiry, secret, absolute end, binding, in this order. A secret that was right once and is no longer accepted is a stolen copy: the
    /// session is revoked. A secret that was never right changes nothing.
    /// </summary>
    /// <param name="token">What the client showed.</param>
    /// <param name="client">Who calls, for the binding; null counts as unknown.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<SessionAuthResult> AuthAsync(
        SessionToken token,
        ClientInfo? client = null,
        CancellationToken cancellationToken = default
    ) => AuthAsync(token, client, bypassCache: false, cancellationToken);

    /// <summary>Checks a token, and asks the store itself when told to.</summary>
    /// <param name="token">What the client showed.</param>
    /// <param name="client">Who calls, for the binding; null counts as unknown.</param>
    /// <param name="bypassCache">Whether what the cache remembers does not count.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<SessionAuthResult> AuthAsync(
        SessionToken token,
        ClientInfo? client,
        bool bypassCache,
        CancellationToken cancellationToken
    )
    {
        var asking =
            bypassCache || _cache is null
                ? EvaluateStoredAsync(token, client, cancellationToken)
                : EvaluateCachedAsync(_cache, token, client, cancellationToken);
        if (!asking.IsCompletedSuccessfully)
        {
            return AwaitAsync(asking, token.Id, client);
        }

        var (session, verdict) = asking.Result;
        return CompleteAuthAsync(session, verdict, token.Id, client);

        async ValueTask<SessionAuthResult> AwaitAsync(
            ValueTask<(Session? Session, SessionAuthResult Verdict)> asking,
            SessionId id,
            ClientInfo? client
        )
        {
            var (session, verdict) = await asking.ConfigureAwait(false);
            return await CompleteAuthAsync(session, verdict, id, client).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Whether the user of an accepted session proved recently enough who he is: otherwise the endpoint should ask him again.
    /// </summary>
    public bool IsFresh(Session session, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.AuthenticatedAt is { } at && _time.GetUtcNow() - at <= maxAge;
    }

    /// <summary>By what is known, if that settles it, else by what the store says.</summary>
    private ValueTask<(Session? Session, SessionAuthResult Verdict)> EvaluateCachedAsync(
        SessionCache cache,
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        return cache.Find(token.Id) is { } known
            ? EvaluateLookupAsync(new CacheLookup(known, IsFromStore: false), token, client, cancellationToken)
            : FetchAsync(cache, token, client, cancellationToken);

        async ValueTask<(Session? Session, SessionAuthResult Verdict)> FetchAsync(
            SessionCache cache,
            SessionToken token,
            ClientInfo? client,
            CancellationToken cancellationToken
        )
        {
            var evidence = await cache.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false);
            return await EvaluateLookupAsync(evidence, token, client, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<(Session? Session, SessionAuthResult Verdict)> EvaluateLookupAsync(
        CacheLookup lookup,
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        var verdict = Evaluate(lookup.Session, token, client);
        var settled = lookup.IsFromStore || CanAcceptFromCache(verdict);
        _metrics?.RecordCacheLookup(isHit: settled && !lookup.IsFromStore);
        return settled ? new((lookup.Session, verdict)) : EvaluateStoredAsync(token, client, cancellationToken);
    }

    private ValueTask<(Session? Session, SessionAuthResult Verdict)> EvaluateStoredAsync(
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        var fetching = FetchAsync(token.Id, cancellationToken);
        if (!fetching.IsCompletedSuccessfully)
        {
            return AwaitAsync(fetching, token, client);
        }

        var session = fetching.Result;
        return new((session, Evaluate(session, token, client)));

        async ValueTask<(Session? Session, SessionAuthResult Verdict)> AwaitAsync(
            ValueTask<Session?> fetching,
            SessionToken token,
            ClientInfo? client
        )
        {
            var session = await fetching.ConfigureAwait(false);
            return (session, Evaluate(session, token, client));
        }
    }

    /// <summary>The last word on a token, after everybody who wants to know of it was told.</summary>
    private ValueTask<SessionAuthResult> CompleteAuthAsync(Session? session, SessionAuthResult result, SessionId id, ClientInfo? client)
    {
        _metrics?.RecordAuthResult(result.Rejection);
        return result is { IsAccepted: true, HasClientChanged: false } ? new(result) : RaiseAuthEventsAsync(session, result, id, client);
    }

    /// <summary>What old evidence may be used for: anything else may have changed meanwhile, on this node or another.</summary>
    private static bool CanAcceptFromCache(SessionAuthResult result) =>
        result is { IsAccepted: true, Match: SecretMatch.Current, HasClientChanged: false };

    private SessionAuthResult Evaluate(Session? session, SessionToken token, ClientInfo? client)
    {
        if (session is null)
        {
            return SessionAuthResult.Reject(SessionRejection.Unknown);
        }

        // The store has said so already, by its own clock; a cache or a careless store may not have.
        var now = _time.GetUtcNow();
        if (session.IsExpired(now))
        {
            return SessionAuthResult.Reject(SessionRejection.Expired);
        }

        var match = session.Credential.Match(token, now, _options.RotationGrace);
        if (match is SecretMatch.Mismatch or SecretMatch.Reused)
        {
            return SessionAuthResult.Reject(match == SecretMatch.Mismatch ? SessionRejection.WrongSecret : SessionRejection.ReusedSecret);
        }

        if (now >= session.EndsAt)
        {
            return SessionAuthResult.Reject(SessionRejection.Ended);
        }

        var changed = _options.Binding.IsEnabled && !_options.Binding.IsMatch(session, client ?? ClientInfo.Unknown);
        return changed && _options.Binding.MismatchAction != ClientBindingMismatchAction.Report
            ? SessionAuthResult.Reject(SessionRejection.ClientChanged)
            : SessionAuthResult.Accept(session, match, changed);
    }

    /// <summary>
    /// What a verdict entails beyond itself; the usual one entails nothing. Not cancelled with the request: a thief who hangs up must not keep the session.
    /// </summary>
    private async ValueTask<SessionAuthResult> RaiseAuthEventsAsync(
        Session? session,
        SessionAuthResult result,
        SessionId id,
        ClientInfo? client
    )
    {
        if (!result.IsAccepted)
        {
            await _events.RaiseTokenRejectedAsync(id, result.Rejection, client).ConfigureAwait(false);
        }

        if (session is not null && (result.HasClientChanged || result.Rejection == SessionRejection.ClientChanged))
        {
            await _events.RaiseClientChangedAsync(session, client ?? ClientInfo.Unknown).ConfigureAwait(false);
            if (_options.Binding.MismatchAction == ClientBindingMismatchAction.Revoke)
            {
                await EndAsync(id, SessionEndReason.Binding, actor: null, CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (session is not null && result.Rejection == SessionRejection.ReusedSecret)
        {
            await _events.RaiseReuseDetectedAsync(session, client).ConfigureAwait(false);
            await EndAsync(id, SessionEndReason.Reuse, actor: null, CancellationToken.None).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Asks the store now.</summary>
    private ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        _cache?.FetchFromStoreAsync(id, cancellationToken) ?? _store.FetchAsync(id, cancellationToken);
}
