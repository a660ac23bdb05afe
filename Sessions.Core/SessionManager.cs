using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;
using Sessions.Events;

namespace Sessions;

/// <summary>
/// The sessions of one name: begins them, checks tokens, keeps them alive, lists and revokes. Knows nothing of HTTP. All methods throw
/// <see cref="SessionStoreException"/> when the store fails, unless they say otherwise.
/// </summary>
public sealed partial class SessionManager : IAsyncDisposable, IDisposable
{
    private readonly NotifyingSessionStore _store;
    private readonly SessionUpOptions _options;
    private readonly SessionLimit? _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SessionMetrics? _metrics;
    private readonly SessionEventDispatcher _events;
    private readonly LastSeenWriter _lastSeenWriter;
    private readonly RevocationWatcher _revocationWatcher;
    private readonly SessionCache? _cache;
    private readonly ISessionChangeFeed? _feed;
    private readonly IDisposable? _subscription;

    /// <summary>A manager over a store, without a container. Applications usually get theirs from <c>AddSessionUp</c>.</summary>
    /// <param name="store">Where the sessions are; the caller disposes it.</param>
    /// <param name="options">Must not be changed afterwards.</param>
    /// <param name="time">The clock; null: the system's. The store should have the same.</param>
    /// <param name="log">Null: no log.</param>
    /// <exception cref="OptionsValidationException">The options cannot work; the message says what to do.</exception>
    public SessionManager(ISessionStore store, SessionUpOptions options, TimeProvider? time = null, ILogger<SessionManager>? log = null)
        : this(Options.DefaultName, store, options, time ?? TimeProvider.System, log ?? NullLogger<SessionManager>.Instance, null) { }

    internal SessionManager(
        string name,
        ISessionStore store,
        SessionUpOptions options,
        TimeProvider time,
        ILogger<SessionManager> log,
        SessionMetrics? metrics
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        if (new SessionUpOptionsValidator().Validate(name, options) is { Failed: true } invalid)
        {
            throw new OptionsValidationException(name, typeof(SessionUpOptions), invalid.Failures);
        }

        var observed = new InstrumentedSessionStore(store, new StoreOutage(name, time, log), metrics);
        var maxStaleness = options.Cache?.MaxStaleness ?? SessionCacheOptions.DefaultMaxStaleness;
        _feed = store.ChangeFeed;
        _revocationWatcher = new RevocationWatcher(observed, _feed, maxStaleness, time);
        _cache = options.Cache is null ? null : new SessionCache(observed, _feed, options.Cache, time);
        _store = new NotifyingSessionStore(observed, _cache is null ? [_revocationWatcher] : [_cache, _revocationWatcher]);
        _options = options;
        _limit = options.MaxSessionsPerUser is { } max ? new SessionLimit { Max = max, Policy = options.LimitPolicy } : null;
        _time = time;
        _log = log;
        _metrics = metrics;
        _events = new SessionEventDispatcher(name, options.Events, log, metrics);
        _lastSeenWriter = new LastSeenWriter(_store, _cache, time, log);
        _subscription = _cache is null ? null : _feed?.Subscribe(_cache);
        if (_cache is not null)
        {
            metrics?.ObserveCache(_cache, _feed);
        }
    }

    /// <summary>The way to the store that counts failures and notifies this node's cache, for what works on behalf of the manager.</summary>
    internal ISessionStore Store => _store;

    /// <summary>Begins a session of a user, with a fresh id and a fresh secret each time.</summary>
    /// <exception cref="ArgumentException">The user key, the lifetime or the values are not what can be stored. Nothing was changed.</exception>
    /// <exception cref="SessionLimitException">
    /// The user has as many sessions as he may, and the policy is to refuse another. The session that the client held has ended all the same.
    /// </exception>
    public ValueTask<IssuedSession> InitAsync(string userKey, SessionInit? init = null, CancellationToken cancellationToken = default) =>
        CreateAsync(
            SessionText.CheckUserKey(userKey),
            init ?? new SessionInit(),
            current: null,
            SessionEndReason.Replaced,
            cancellationToken
        );

    private async ValueTask<IssuedSession> CreateAsync(
        string? userKey,
        SessionInit init,
        Session? current,
        SessionEndReason replacedReason,
        CancellationToken cancellationToken
    )
    {
        var token = SessionToken.Create(userKey, _options.ShardKey, _options.RandomFill);
        var session = BuildSession(userKey, token, init);

        // Ended first: whatever happens next, the browser's old session is not left behind.
        if (init.ReplacedToken is { } held)
        {
            await EndReplacedAsync(held, replacedReason, cancellationToken).ConfigureAwait(false);
        }

        // Somebody has checked its token already; most often it is the one that was held.
        if (current is not null && current.Id != init.ReplacedToken?.Id)
        {
            await EndAsync(current.Id, replacedReason, actor: null, cancellationToken).ConfigureAwait(false);
        }

        var ended = await _store.CreateAsync(session, _limit, cancellationToken).ConfigureAwait(false);
        await _events.RaiseCreatedAsync(session).ConfigureAwait(false);
        await _events.RaiseEndedAsync(ended, SessionEndReason.Limit, session.Id).ConfigureAwait(false);
        return new IssuedSession(session, token, ended);
    }

    private Session BuildSession(string? userKey, SessionToken token, SessionInit init)
    {
        var lifetime = init.Lifetime ?? (userKey is null ? _options.VisitorLifetime : _options.Lifetime);
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime ?? TimeSpan.MaxValue, TimeSpan.FromSeconds(1), nameof(init));
        ThrowIfTooLarge(init.Values);

        var now = _time.Now();
        var asked = now + (lifetime ?? SessionUpOptions.DefaultLifetime);
        var endsAt = userKey is null ? asked : CapEnd(asked, now);
        return new Session
        {
            Id = token.Id,
            UserKey = userKey,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = ComputeExpiry(now, _options.IdleTimeout, endsAt),
            EndsAt = endsAt,
            IdleTimeout = _options.IdleTimeout,
            IsPersistent = init.IsPersistent ?? (userKey is not null && lifetime is not null),
            AuthenticatedAt = userKey is null ? null : init.AuthenticatedAt ?? now,
            AuthenticationMethod = init.AuthenticationMethod,
            Client = init.Client ?? ClientInfo.Unknown,
            LastClient = init.Client ?? ClientInfo.Unknown,
            Values = init.Values,
            Credential = SessionCredential.Create(token),
        };
    }

    private async ValueTask EndReplacedAsync(SessionToken replaced, SessionEndReason reason, CancellationToken cancellationToken)
    {
        // Ids are public: only a token that passes the check may end the session it names. Whether the client has changed does not matter to its end.
        if (
            await FetchAsync(replaced.Id, cancellationToken).ConfigureAwait(false) is { } session
            && session.Credential.Match(replaced, _time.GetUtcNow(), _options.RotationGrace)
                is not (SecretMatch.Mismatch or SecretMatch.Reused)
        )
        {
            await EndAsync(replaced.Id, reason, actor: null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The end that a caller asks for, as far as the assurance level allows.</summary>
    private DateTimeOffset CapEnd(DateTimeOffset endsAt, DateTimeOffset authenticatedAt) =>
        _options.Assurance?.CapEnd(endsAt, authenticatedAt) ?? endsAt;

    /// <summary>When a session that is used now expires: after its idle time, never after its end.</summary>
    private static DateTimeOffset ComputeExpiry(DateTimeOffset now, TimeSpan? idleTimeout, DateTimeOffset endsAt) =>
        idleTimeout is { } idle && now + idle < endsAt ? now + idle : endsAt;
}
