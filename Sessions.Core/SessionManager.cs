using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>
/// The sessions of one name: begins them, checks tokens, lists and revokes. Knows nothing of HTTP. All methods throw
/// <see cref="SessionStoreException"/> when the store fails.
/// </summary>
public sealed partial class SessionManager
{
    private readonly ISessionStore _store;
    private readonly SessionUpOptions _options;
    private readonly SessionLimit? _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SessionMetrics? _metrics;

    /// <summary>A manager over a store, without a container. Applications usually get theirs from <c>AddSessionUp</c>.</summary>
    /// <param name="store">Where the sessions are; the caller disposes it.</param>
    /// <param name="options">Must not be changed afterwards.</param>
    /// <param name="time">The clock; null: the system's. The store should have the same.</param>
    /// <param name="log">Null: no log.</param>
    /// <exception cref="OptionsValidationException">The options cannot work; the message says what to do.</exception>
    public SessionManager(ISessionStore store, SessionUpOptions options, TimeProvider? time = null, ILogger<SessionManager>? log = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        if (new SessionUpOptionsValidator().Validate(null, options) is { Failed: true } invalid)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(SessionUpOptions), invalid.Failures);
        }

        _store = store;
        _options = options;
        _limit = options.MaxSessionsPerUser is { } max ? new SessionLimit(max, options.LimitPolicy) : null;
        _time = time ?? TimeProvider.System;
        _log = log ?? NullLogger<SessionManager>.Instance;
    }

    internal SessionManager(
        ISessionStore store,
        SessionUpOptions options,
        TimeProvider time,
        ILogger<SessionManager> log,
        SessionMetrics metrics
    )
        : this(store, options, time, log)
    {
        _metrics = metrics;
    }

    /// <summary>Begins a session of a user, with a fresh id and a fresh secret each time.</summary>
    /// <exception cref="ArgumentException">The user key, the lifetime or the values are not what can be stored. Nothing was changed.</exception>
    /// <exception cref="SessionLimitException">The user has as many sessions as he may, and the policy is to refuse another.</exception>
    public async ValueTask<IssuedSession> InitAsync(string userKey, SessionInit? init = null, CancellationToken cancellationToken = default)
    {
        var token = SessionToken.Create(SessionId.Create(userKey, _options.ShardKey));
        var session = NewSession(userKey, token, init ?? new SessionInit());

        // Ended first: whatever happens next, the browser's old session is not left behind.
        if (init?.Held is { } held)
        {
            await EndHeldAsync(held, cancellationToken).ConfigureAwait(false);
        }

        var ended = await _store.CreateAsync(session, _limit, cancellationToken).ConfigureAwait(false);
        SessionLog.Created(_log, session.Id);
        _metrics?.Created();
        _metrics?.Ended(ended.Count, "limit");
        foreach (var other in ended)
        {
            SessionLog.EndedByLimit(_log, other.Id);
        }

        return new IssuedSession(session, token, ended);
    }

    /// <summary>Checks a token: fetch, expiry, secret, absolute end, in this order.</summary>
    public async ValueTask<SessionVerdict> AuthAsync(SessionToken token, CancellationToken cancellationToken = default)
    {
        var verdict = Judge(await FetchAsync(token.Id, cancellationToken).ConfigureAwait(false), token);
        _metrics?.Judged(verdict.Rejection);
        return verdict;
    }

    /// <summary>Changes values of a session, key by key, within <see cref="SessionUpOptions.MaxValuesBytes"/>.</summary>
    public ValueTask<SessionUpdate> UpdateValuesAsync(SessionId id, ValuesPatch patch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _store.UpdateAsync(id, new SessionPatch { Values = patch, MaxValuesBytes = _options.MaxValuesBytes }, cancellationToken);
    }

    /// <summary>Bytes of UTF-8 that the values of one session may have.</summary>
    internal int MaxValuesBytes => _options.MaxValuesBytes;

    /// <summary>Changes values and moves the end, without the user having proved anything again: where another protocol decides how long a session lasts.</summary>
    internal ValueTask<SessionUpdate> RenewAsync(Session session, ValuesPatch values, DateTimeOffset endsAt, CancellationToken cancellationToken) =>
        _store.UpdateAsync(
            session.Id,
            new SessionPatch
            {
                Values = values,
                MaxValuesBytes = _options.MaxValuesBytes,
                Reauthentication = new(session.AuthenticatedAt ?? session.CreatedAt, session.AuthenticationMethod, endsAt, endsAt),
            },
            cancellationToken
        );

    private Session NewSession(string userKey, SessionToken token, SessionInit init)
    {
        var lifetime = init.Lifetime ?? _options.Lifetime;
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1), nameof(init));
        if (init.Values.ByteCount > _options.MaxValuesBytes)
        {
            throw new ArgumentException(
                $"The values have {init.Values.ByteCount} bytes of UTF-8; the limit is {_options.MaxValuesBytes}.",
                nameof(init)
            );
        }

        var now = _time.Now();
        var endsAt = now + (lifetime ?? SessionUpOptions.DefaultLifetime);
        return new Session
        {
            Id = token.Id,
            UserKey = userKey,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = endsAt,
            EndsAt = endsAt,
            Persistent = init.Persistent ?? lifetime is not null,
            AuthenticatedAt = init.AuthenticatedAt ?? now,
            AuthenticationMethod = init.AuthenticationMethod,
            Client = init.Client ?? ClientInfo.Unknown,
            LastClient = init.Client ?? ClientInfo.Unknown,
            Values = init.Values,
            Credential = SessionCredential.Of(token),
        };
    }

    private async ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.FetchAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException)
        {
            _metrics?.StoreFailed();
            throw;
        }
    }

    private SessionVerdict Judge(Session? session, SessionToken token)
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

        if (session.Credential.Secret != token.SecretHash)
        {
            SessionLog.WrongSecret(_log, session.Id);
            return SessionVerdict.Reject(SessionRejection.WrongSecret);
        }

        return now >= session.EndsAt ? SessionVerdict.Reject(SessionRejection.Ended) : SessionVerdict.Accept(session);
    }

    private async ValueTask EndHeldAsync(SessionToken held, CancellationToken cancellationToken)
    {
        // Ids are public: only a token that passes the check may end the session it names.
        if ((await AuthAsync(held, cancellationToken).ConfigureAwait(false)).Accepted)
        {
            await RevokeAsync(held.Id, cancellationToken).ConfigureAwait(false);
        }
    }
}
