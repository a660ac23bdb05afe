using Sessions.Events;

namespace Sessions;

/// <content>Checking tokens.</content>
public sealed partial class SessionManager
{
    /// <summary>Whether the manager wants to know who calls.</summary>
    internal bool ComparesClients => _options.Binding.Enabled;

    /// <summary>
    /// Checks a token: fetch, expiry, secret, absolute end, binding, in this order. A secret that was right once and is no longer accepted is a stolen copy: the
    /// session is revoked. A secret that was never right changes nothing.
    /// </summary>
    /// <param name="token">What the client showed.</param>
    /// <param name="client">Who calls, for the binding; null counts as unknown.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<SessionVerdict> AuthAsync(
        SessionToken token,
        ClientInfo? client = null,
        CancellationToken cancellationToken = default
    ) => AuthAsync(token, client, authoritative: false, cancellationToken);

    /// <summary>Checks a token, and asks the store itself when told to.</summary>
    /// <param name="token">What the client showed.</param>
    /// <param name="client">Who calls, for the binding; null counts as unknown.</param>
    /// <param name="authoritative">Whether what the cache remembers does not count.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<SessionVerdict> AuthAsync(
        SessionToken token,
        ClientInfo? client,
        bool authoritative,
        CancellationToken cancellationToken
    )
    {
        var asking =
            authoritative || _cache is null
                ? AskAsync(token, client, cancellationToken)
                : LookAsync(_cache, token, client, cancellationToken);
        if (!asking.IsCompletedSuccessfully)
        {
            return AwaitAsync(asking, token.Id, client);
        }

        var (session, verdict) = asking.Result;
        return TellAsync(session, verdict, token.Id, client);

        async ValueTask<SessionVerdict> AwaitAsync(
            ValueTask<(Session? Session, SessionVerdict Verdict)> asking,
            SessionId id,
            ClientInfo? client
        )
        {
            var (session, verdict) = await asking.ConfigureAwait(false);
            return await TellAsync(session, verdict, id, client).ConfigureAwait(false);
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
    private ValueTask<(Session? Session, SessionVerdict Verdict)> LookAsync(
        SessionCache cache,
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        return cache.Find(token.Id) is { } known
            ? SettleAsync(new SessionEvidence(known, IsFresh: false), token, client, cancellationToken)
            : FetchAsync(cache, token, client, cancellationToken);

        async ValueTask<(Session? Session, SessionVerdict Verdict)> FetchAsync(
            SessionCache cache,
            SessionToken token,
            ClientInfo? client,
            CancellationToken cancellationToken
        )
        {
            var evidence = await cache.FetchAsync(token.Id, cancellationToken).ConfigureAwait(false);
            return await SettleAsync(evidence, token, client, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask<(Session? Session, SessionVerdict Verdict)> SettleAsync(
        SessionEvidence evidence,
        SessionToken token,
        ClientInfo? client,
        CancellationToken cancellationToken
    )
    {
        var verdict = Judge(evidence.Session, token, client);
        var settled = evidence.IsFresh || IsPlainYes(verdict);
        _metrics?.LookedUp(remembered: settled && !evidence.IsFresh);
        return settled ? new((evidence.Session, verdict)) : AskAsync(token, client, cancellationToken);
    }

    private ValueTask<(Session? Session, SessionVerdict Verdict)> AskAsync(
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
        return new((session, Judge(session, token, client)));

        async ValueTask<(Session? Session, SessionVerdict Verdict)> AwaitAsync(
            ValueTask<Session?> fetching,
            SessionToken token,
            ClientInfo? client
        )
        {
            var session = await fetching.ConfigureAwait(false);
            return (session, Judge(session, token, client));
        }
    }

    /// <summary>The last word on a token, after everybody who wants to know of it was told.</summary>
    private ValueTask<SessionVerdict> TellAsync(Session? session, SessionVerdict verdict, SessionId id, ClientInfo? client)
    {
        _metrics?.Judged(verdict.Rejection);
        return verdict is { Accepted: true, ClientChanged: false } ? new(verdict) : FollowUpAsync(session, verdict, id, client);
    }

    /// <summary>What old evidence may be used for: anything else may have changed meanwhile, on this node or another.</summary>
    private static bool IsPlainYes(SessionVerdict verdict) =>
        verdict is { Accepted: true, Match: SecretMatch.Current, ClientChanged: false };

    private SessionVerdict Judge(Session? session, SessionToken token, ClientInfo? client)
    {
        if (session is null)
        {
            return SessionVerdict.Reject(SessionRejection.Unknown);
        }

        // The store has said so already, by its own clock; a cache or a careless store may not have.
        var now = _time.GetUtcNow();
        if (session.IsExpired(now))
        {
            return SessionVerdict.Reject(SessionRejection.Expired);
        }

        var match = session.Credential.Match(token, now, _options.RotationGrace);
        if (match is SecretMatch.Foreign or SecretMatch.Reused)
        {
            return SessionVerdict.Reject(match == SecretMatch.Foreign ? SessionRejection.WrongSecret : SessionRejection.ReusedSecret);
        }

        if (now >= session.EndsAt)
        {
            return SessionVerdict.Reject(SessionRejection.Ended);
        }

        var changed = _options.Binding.Enabled && !_options.Binding.Holds(session, client ?? ClientInfo.Unknown);
        return changed && _options.Binding.OnMismatch != BindingMismatch.Report
            ? SessionVerdict.Reject(SessionRejection.ClientChanged)
            : SessionVerdict.Accept(session, match, changed);
    }

    /// <summary>
    /// What a verdict entails beyond itself; the usual one entails nothing. Not cancelled with the request: a thief who hangs up must not keep the session.
    /// </summary>
    private async ValueTask<SessionVerdict> FollowUpAsync(Session? session, SessionVerdict verdict, SessionId id, ClientInfo? client)
    {
        if (!verdict.Accepted)
        {
            await _events.RejectedAsync(id, verdict.Rejection, client).ConfigureAwait(false);
        }

        if (session is not null && (verdict.ClientChanged || verdict.Rejection == SessionRejection.ClientChanged))
        {
            await _events.ClientChangedAsync(session, client ?? ClientInfo.Unknown).ConfigureAwait(false);
            if (_options.Binding.OnMismatch == BindingMismatch.Revoke)
            {
                await EndAsync(id, SessionEndReason.Binding, actor: null, CancellationToken.None).ConfigureAwait(false);
            }
        }

        if (session is not null && verdict.Rejection == SessionRejection.ReusedSecret)
        {
            await _events.ReuseDetectedAsync(session, client).ConfigureAwait(false);
            await EndAsync(id, SessionEndReason.Reuse, actor: null, CancellationToken.None).ConfigureAwait(false);
        }

        return verdict;
    }

    /// <summary>Asks the store now.</summary>
    private ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        _cache?.AskAsync(id, cancellationToken) ?? _store.FetchAsync(id, cancellationToken);
}
