namespace Sessions;

/// <content>How a session is created, and what ends with that.</content>
public sealed partial class SessionManager
{
    /// <summary>The new session is the only one of its user and kind.</summary>
    private static readonly SessionLimit s_exclusiveLimit = new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed };

    private async ValueTask<IssuedSession> CreateAsync(
        string? userKey,
        SessionInit init,
        IReadOnlyList<HeldSession> held,
        CancellationToken cancellationToken
    )
    {
        var token = SessionToken.Create(userKey, _options.ShardKey, _options.RandomFill);
        var session = BuildSession(userKey, token, init);

        // The store ends one session in its step if it is of the same user. Read now and ended then is no race: a session never changes its
        // owner.
        var inStep = userKey is null ? null : held.FirstOrDefault(other => other.IsOf(userKey))?.Session;
        var limit = init.Exclusive && userKey is not null ? s_exclusiveLimit : Components.GetLimit(session);
        var evictedReason = init.Exclusive ? SessionEndReason.OtherDevice : SessionEndReason.Limit;
        var creation = await StoreAsync(session, limit, inStep?.Id, evictedReason, cancellationToken).ConfigureAwait(false);

        // All that ends has ended before a handler runs.
        var ended = new List<Session>();
        if (creation.Replaced is { } replaced)
        {
            ended.Add(replaced);
        }

        foreach (var other in held.Select(static other => other.Session).Where(other => other.Id != inStep?.Id))
        {
            if (await EndReplacedAsync(other).ConfigureAwait(false) is { } endedNow)
            {
                ended.Add(endedNow);
            }
        }

        await _events.RaiseTogetherAsync(nameof(SessionEvents.OnCreated), RaiseAsync).ConfigureAwait(false);
        return new IssuedSession
        {
            Session = session,
            Token = token,
            Evicted = creation.Evicted,
            ReplacedCount = held.Count,
        };

        ValueTask<Session?> EndReplacedAsync(Session other) =>
            Components.EndingRetrier.RunAsync(
                session.Id,
                () => _store.DeleteAsync(other.Id, SessionMarker.Replaced, CancellationToken.None),
                RaiseReplacedAsync
            );

        ValueTask RaiseReplacedAsync(Session other) =>
            _events.RaiseEndedAsync(
                other,
                userKey is not null && other.UserKey is null ? SessionEndReason.SignedIn : SessionEndReason.Replaced
            );

        async ValueTask RaiseAsync()
        {
            await _events.RaiseCreatedAsync(session).ConfigureAwait(false);
            foreach (var other in ended)
            {
                await RaiseReplacedAsync(other).ConfigureAwait(false);
            }

            await _events.RaiseEndedAsync(creation.Evicted, evictedReason, session.Id).ConfigureAwait(false);
        }
    }

    /// <summary>A store may end what is far beyond the limit before it creates: what is gone by then has ended, whatever comes after.</summary>
    private async ValueTask<SessionCreation> StoreAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        SessionEndReason evictedReason,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _store.CreateAsync(session, limit, replaces, cancellationToken).ConfigureAwait(false);
        }
        catch (IncompleteDeletionException e)
        {
            await _events.RaiseEndedAsync(e.Deleted, evictedReason).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether a session of this client could be used at all.</summary>
    internal bool CanBind(SessionInit init) => init.Client is not { } client || _options.Binding.CanBind(client);

    private void ThrowIfNotBindable(SessionInit init)
    {
        if (!CanBind(init))
        {
            throw new ClientBindingException();
        }
    }

    private Session BuildSession(string? userKey, SessionToken token, SessionInit init)
    {
        var lifetime = init.Lifetime ?? (userKey is null ? _options.VisitorLifetime : _options.Lifetime);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1), nameof(init));
        var now = Components.Time.Now();
        var requestedEnd = now + (lifetime ?? SessionUpOptions.DefaultLifetime);
        var endsAt = Components.Lifetimes.CapEnd(userKey, requestedEnd, now);
        return new Session
        {
            Id = token.Id,
            UserKey = userKey,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = SessionComponents.ComputeExpiry(now, _options.IdleTimeout, endsAt),
            EndsAt = endsAt,
            IdleTimeout = _options.IdleTimeout,
            HasCustomLifetime = init.Lifetime is not null,
            IsPersistent = init.IsPersistent ?? (userKey is not null && lifetime is not null),
            AuthenticatedAt = userKey is null ? null : init.AuthenticatedAt ?? now,
            AuthenticationMethod = init.AuthenticationMethod,
            IsBearer = init.IsBearer,
            Client = init.Client ?? ClientInfo.Unknown,
            LastClient = init.Client ?? ClientInfo.Unknown,
            Values = init.Values,
            Tags = init.Tags,
            Credential = SessionCredential.Create(token),
        };
    }
}
