namespace Sessions;

/// <summary>
/// Evaluates tokens of the sessions of one name, records the use of sessions and rotates secrets. Knows nothing of HTTP. All methods throw
/// <see cref="SessionStoreException"/> when the store fails, unless they say otherwise.
/// </summary>
public sealed partial class SessionAuthenticator
{
    private readonly SessionComponents _components;
    private readonly SessionUpOptions _options;
    private readonly RotationRules _rules;
    private readonly RecentDeliveries _deliveries = new();

    internal SessionAuthenticator(SessionComponents components)
    {
        (_components, _options, _rules) = (components, components.Options, new RotationRules(components.Options));
    }

    /// <summary>Whether the result depends on the client.</summary>
    internal bool NeedsClient => _options.Binding.IsEnabled;

    /// <summary>Whether a result may come from the cache.</summary>
    internal bool HasCache => _components.Cache is not null;

    /// <summary>
    /// Evaluates a token: fetch, expiry, token, absolute end, binding, in this order. A token that was replaced longer ago than any request
    /// of its owner takes is a copy, and ends the session. One that was replaced not so long ago, or that was never right, changes nothing.
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
        var pending = EvaluateAsync(token, client, bypassCache, cancellationToken);
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

    /// <summary>
    /// Whether the user of an accepted session authenticated recently enough; if not, the endpoint should have the user do it again.
    /// </summary>
    public bool IsFresh(Session session, TimeSpan maxAge)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.AuthenticatedAt is { } at && _components.Time.GetUtcNow() - at <= maxAge;
    }

    /// <summary>What a token means for a session as it was read.</summary>
    internal SessionAuthResult Evaluate(SessionLookup found, SessionToken token, ClientInfo? client)
    {
        if (found.Session is not { } session)
        {
            return SessionAuthResult.Reject(found.Marker == SessionMarker.Replaced ? SessionRejection.Replaced : SessionRejection.Unknown);
        }

        // The store has compared it with its own clock; a cache has not, and a store with a fault may not have either.
        var now = _components.Time.GetUtcNow();
        if (session.IsExpired(now))
        {
            return SessionAuthResult.Reject(SessionRejection.Expired);
        }

        var standing = _rules.Evaluate(session.Credential, token, now);
        switch (standing)
        {
            case TokenStanding.Current:
                break;
            case TokenStanding.Previous:
                session = _components.Lifetimes.Apply(RotationRules.WithPreviousPrivileges(session));
                break;
            default:
                return SessionAuthResult.Reject(GetRejection(standing));
        }

        if (now >= session.EndsAt)
        {
            return SessionAuthResult.Reject(SessionRejection.Ended);
        }

        var changed = _options.Binding.IsEnabled && !_options.Binding.IsMatch(session, client ?? ClientInfo.Unknown);
        return changed && _options.Binding.MismatchAction != ClientBindingMismatchAction.Report
            ? SessionAuthResult.Reject(SessionRejection.ClientChanged)
            : SessionAuthResult.Accept(session, standing, changed);
    }

    /// <summary>
    /// Whether a token belongs to a session, as the current one or an older one. Ids are public: only its holder may end the session
    /// without more.
    /// </summary>
    internal bool BelongsTo(Session session, SessionToken token) =>
        _rules.Evaluate(session.Credential, token, _components.Time.GetUtcNow()) != TokenStanding.Wrong;

    /// <summary>Why a rejection ends the session; null: it does not.</summary>
    private SessionEndReason? GetEndReason(SessionRejection rejection) =>
        rejection switch
        {
            SessionRejection.Copied => SessionEndReason.Copied,
            SessionRejection.ClientChanged when _options.Binding.MismatchAction == ClientBindingMismatchAction.Revoke =>
                SessionEndReason.Binding,
            _ => null,
        };

    private static SessionRejection GetRejection(TokenStanding standing) =>
        standing switch
        {
            TokenStanding.Late => SessionRejection.Late,
            TokenStanding.Ahead => SessionRejection.Ahead,
            TokenStanding.Copied => SessionRejection.Copied,
            _ => SessionRejection.WrongToken,
        };

    private ValueTask<(Session? Session, SessionAuthResult Result)> EvaluateAsync(
        SessionToken token,
        ClientInfo? client,
        bool bypassCache,
        CancellationToken cancellationToken
    ) =>
        bypassCache || _components.Cache is not { } cache
            ? EvaluateStoredAsync(token, client, cancellationToken)
            : EvaluateCachedAsync(cache, token, client, cancellationToken);

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
        var result = Evaluate(lookup.Found, token, client);
        var isFinal = lookup.IsFromStore || CanAcceptFromCache(result);
        _components.Metrics?.RecordCacheLookup(isHit: isFinal && !lookup.IsFromStore);
        return isFinal ? new((lookup.Found.Session, result)) : EvaluateStoredAsync(token, client, cancellationToken);
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

        var found = pending.Result;
        return new((found.Session, Evaluate(found, token, client)));

        async ValueTask<(Session? Session, SessionAuthResult Result)> AwaitAsync(
            ValueTask<SessionLookup> pending,
            SessionToken token,
            ClientInfo? client
        )
        {
            var found = await pending.ConfigureAwait(false);
            return (found.Session, Evaluate(found, token, client));
        }
    }

    /// <summary>What the cache may answer: anything else may have changed meanwhile, on this node or another.</summary>
    private bool CanAcceptFromCache(SessionAuthResult result) =>
        result is { IsAccepted: true, Standing: TokenStanding.Current, HasClientChanged: false } && !IsShowingRecordable(result, out _);

    /// <summary>The result, after the events that it raises.</summary>
    private ValueTask<SessionAuthResult> CompleteAuthAsync(Session? session, SessionAuthResult result, SessionId id, ClientInfo? client)
    {
        _components.Metrics?.RecordAuthResult(result.Rejection);
        return result is { IsAccepted: true, HasClientChanged: false } ? new(result) : FollowUpAsync(session, result, id, client);
    }
}
