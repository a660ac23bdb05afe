namespace Sessions;

/// <summary>
/// Evaluates tokens of the sessions of one name, records the use of sessions and rotates secrets. Knows nothing of HTTP. All methods throw
/// <see cref="SessionStoreException"/> when the store fails, unless they say otherwise.
/// </summary>
public sealed partial class SessionAuthenticator
{
    private readonly SessionComponents _components;
    private readonly SessionUpOptions _options;

    internal SessionAuthenticator(SessionComponents components)
    {
        (_components, _options) = (components, components.Options);
    }

    /// <summary>Whether the result depends on the client.</summary>
    internal bool NeedsClient => _options.Binding.IsEnabled;

    /// <summary>Whether a result may come from the cache.</summary>
    internal bool HasCache => _components.Cache is not null;

    /// <summary>
    /// Evaluates a token: fetch, expiry, secret, absolute end, binding, in this order. A secret that was right once and is no longer accepted is a stolen copy: the
    /// session is revoked. A secret that was never right changes nothing.
    /// </summary>
    /// <param name="token">What the client showed.</param>
    /// <param name="client">The client, for the binding; null counts as unknown.</param>
    /// <param name="bypassCache">Whether the session is read from the store, whatever the cache holds.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<SessionAuthResult> AuthAsync(
        SessionToken token,
        ClientInfo? client = null,
        bool bypassCache = false,
        CancellationToken cancellationToken = default
    )
    {
        var pending =
            bypassCache || _components.Cache is not { } cache
                ? EvaluateStoredAsync(token, client, cancellationToken)
                : EvaluateCachedAsync(cache, token, client, cancellationToken);
        if (!pending.IsCompletedSuccessfully)
        {
            return AwaitAsync(pending, token.Id, client);
        }

        var (session, result) = pending.Result;
        return CompleteAuthAsync(session, result, token.Id, client);

        async ValueTask<SessionAuthResult> AwaitAsync(
            ValueTask<(Session? Session, SessionAuthResult Result)> pending,
            SessionId id,
            ClientInfo? client
        )
        {
            var (session, result) = await pending.ConfigureAwait(false);
            return await CompleteAuthAsync(session, result, id, client).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the user of an accepted session authenticated recently enough; if not, the endpoint should have the user do it again.</summary>
    public bool IsFresh(Session session, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.AuthenticatedAt is { } at && _components.Time.GetUtcNow() - at <= maxAge;
    }

    /// <summary>What a token means for a session as it was read.</summary>
    internal SessionAuthResult Evaluate(Session? session, SessionToken token, ClientInfo? client)
    {
        if (session is null)
        {
            return SessionAuthResult.Reject(SessionRejection.Unknown);
        }

        // The store has checked it by its own clock; a cache or a careless store may not have.
        var now = _components.Time.GetUtcNow();
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

    /// <summary>Whether a token belongs to a session, as its current secret or the previous one while that is still good.</summary>
    internal bool IsMatch(Session session, SessionToken token) =>
        session.Credential.Match(token, _components.Time.GetUtcNow(), _options.RotationGrace)
            is not (SecretMatch.Mismatch or SecretMatch.Reused);

    /// <summary>From the cache if its answer is final, else from the store.</summary>
    private ValueTask<(Session? Session, SessionAuthResult Result)> EvaluateCachedAsync(
        SessionCache cache,
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        return cache.Find(token.Id) is { } cached
            ? EvaluateLookupAsync(new CacheLookup(cached, IsFromStore: false), token, client, cancellationToken)
            : FetchAsync(cache, token, client, cancellationToken);

        async ValueTask<(Session? Session, SessionAuthResult Result)> FetchAsync(
            SessionCache cache,
            SessionToken token,
            ClientInfo? client,
            CancellationToken cancellationToken
        )
        {
            var lookup = await cache.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false);
            return await EvaluateLookupAsync(lookup, token, client, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<(Session? Session, SessionAuthResult Result)> EvaluateLookupAsync(
        CacheLookup lookup,
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        var result = Evaluate(lookup.Session, token, client);
        var isFinal = lookup.IsFromStore || CanAcceptFromCache(result);
        _components.Metrics?.RecordCacheLookup(isHit: isFinal && !lookup.IsFromStore);
        return isFinal ? new((lookup.Session, result)) : EvaluateStoredAsync(token, client, cancellationToken);
    }

    private ValueTask<(Session? Session, SessionAuthResult Result)> EvaluateStoredAsync(
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        var pending = _components.FetchAsync(token.Id, cancellationToken);
        if (!pending.IsCompletedSuccessfully)
        {
            return AwaitAsync(pending, token, client);
        }

        var session = pending.Result;
        return new((session, Evaluate(session, token, client)));

        async ValueTask<(Session? Session, SessionAuthResult Result)> AwaitAsync(
            ValueTask<Session?> pending,
            SessionToken token,
            ClientInfo? client
        )
        {
            var session = await pending.ConfigureAwait(false);
            return (session, Evaluate(session, token, client));
        }
    }

    /// <summary>What the cache may answer: anything else may have changed meanwhile, on this node or another.</summary>
    private static bool CanAcceptFromCache(SessionAuthResult result) =>
        result is { IsAccepted: true, Match: SecretMatch.Current, HasClientChanged: false };

    /// <summary>The result, after the events that it raises.</summary>
    private ValueTask<SessionAuthResult> CompleteAuthAsync(Session? session, SessionAuthResult result, SessionId id, ClientInfo? client)
    {
        _components.Metrics?.RecordAuthResult(result.Rejection);
        return result is { IsAccepted: true, HasClientChanged: false } ? new(result) : RaiseAuthEventsAsync(session, result, id, client);
    }

    /// <summary>
    /// What a result entails beyond itself; the usual one entails nothing. Not cancelled with the request: a thief who hangs up must not keep the session.
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
            await _components.Events.RaiseTokenRejectedAsync(id, result.Rejection, client).ConfigureAwait(false);
        }

        if (session is not null && (result.HasClientChanged || result.Rejection == SessionRejection.ClientChanged))
        {
            await _components.Events.RaiseClientChangedAsync(session, client ?? ClientInfo.Unknown).ConfigureAwait(false);
            if (_options.Binding.MismatchAction == ClientBindingMismatchAction.Revoke)
            {
                await _components.EndAsync(id, SessionEndReason.Binding, actor: null, CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (session is not null && result.Rejection == SessionRejection.ReusedSecret)
        {
            await _components.Events.RaiseReuseDetectedAsync(session, client).ConfigureAwait(false);
            await _components.EndAsync(id, SessionEndReason.Reuse, actor: null, CancellationToken.None).ConfigureAwait(false);
        }

        return result;
    }
}
