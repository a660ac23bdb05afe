using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>
/// The parts that the sessions of one name consist of, built once and shared by <see cref="SessionManager"/>,
/// <see cref="SessionAuthenticator"/> and <see cref="SessionAdministration"/>.
/// </summary>
internal sealed class SessionComponents : IAsyncDisposable, IDisposable
{
    private readonly IDisposable? _subscription;
    private readonly SessionLimit? _defaultLimit;
    private volatile bool _isStopped;

    /// <exception cref="OptionsValidationException">The options cannot work; the message says what to do.</exception>
    public SessionComponents(
        string name,
        ISessionStore store,
        SessionUpOptions options,
        TimeProvider time,
        ILogger log,
        SessionMetrics? metrics
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        if (new SessionUpOptionsValidator().Validate(name, options) is { Failed: true } invalid)
        {
            throw new OptionsValidationException(name, typeof(SessionUpOptions), invalid.Failures);
        }

        (Options, Time, Log, Metrics) = (options, time, log, metrics);
        Lifetimes = new LifetimePolicy(options);
        _defaultLimit = options.MaxSessionsPerUser is { } max ? new SessionLimit { Max = max, Policy = options.LimitPolicy } : null;
        EndingRetrier = new EndingRetrier(time, log);
        Events = new SessionEventDispatcher(name, options.Events, options.EventTimeout, time, log, metrics);

        var outage = new StoreOutage(name, time, log);
        Availability = new StoreAvailability(name, store, outage, time);
        var instrumented = new InstrumentedSessionStore(store, outage, Availability, metrics);
        var limited = new LifetimeSessionStore(instrumented, Lifetimes, time);
        Feed = store.ChangeFeed;
        RevocationWatcher = new RevocationWatcher(
            limited,
            Feed,
            options.Cache?.MaxStaleness ?? SessionCacheOptions.DefaultMaxStaleness,
            time
        );
        Cache = options.Cache is null ? null : new SessionCache(limited, Feed, options.Cache, time);
        Store = new NotifyingSessionStore(limited, Cache is null ? [RevocationWatcher] : [Cache, RevocationWatcher]);
        LastSeenWriter = new LastSeenWriter(Store, Cache, time, log);
        _subscription = Cache is null ? null : Feed?.Subscribe(Cache);
        if (Cache is not null)
        {
            metrics?.ObserveCache(Cache, Feed);
        }
    }

    public SessionUpOptions Options { get; }

    /// <summary>What the options allow living sessions.</summary>
    public LifetimePolicy Lifetimes { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public SessionMetrics? Metrics { get; }

    public SessionEventDispatcher Events { get; }

    /// <summary>
    /// The store behind instruments; before them today's lifetimes, and before those what informs this node of its own changes.
    /// </summary>
    public NotifyingSessionStore Store { get; }

    /// <summary>Whether the store is known to be down.</summary>
    public StoreAvailability Availability { get; }

    /// <summary>The change feed of the store; null: it has none.</summary>
    public ISessionChangeFeed? Feed { get; }

    /// <summary>The cache; null: it is off.</summary>
    public SessionCache? Cache { get; }

    public RevocationWatcher RevocationWatcher { get; }

    public LastSeenWriter LastSeenWriter { get; }

    public EndingRetrier EndingRetrier { get; }

    /// <summary>Whether sessions are cached and only their age limits how long, because the store has no feed.</summary>
    public bool HasCacheWithoutFeed => Cache is not null && Feed is null;

    /// <summary>Whether the cache is of no use now, because the feed of the store is not connected.</summary>
    public bool HasLostFeed => Cache is not null && Feed is { Status.IsConnected: false };

    /// <summary>Reads a session from the store now, past the cache.</summary>
    public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        Cache?.FetchFromStoreAsync(id, cancellationToken) ?? Store.FetchAsync(id, cancellationToken);

    /// <summary>How many sessions the user of a new session may have; null: any number.</summary>
    public SessionLimit? GetLimit(Session session) =>
        session.UserKey is null ? null
        : Options.LimitFor is { } limitFor ? limitFor(new SessionLimitContext { Session = session, Default = _defaultLimit })
        : _defaultLimit;

    /// <summary>Ends a session and raises the event.</summary>
    /// <returns>The session that was ended; null: there was none.</returns>
    public async ValueTask<Session?> EndAsync(
        SessionId id,
        SessionEndReason reason,
        SessionId? actor,
        CancellationToken cancellationToken,
        SessionMarker leaves = SessionMarker.None
    )
    {
        var ended = await Store.DeleteAsync(id, leaves, cancellationToken).ConfigureAwait(false);
        if (ended is not null)
        {
            await Events.RaiseEndedAsync(ended, reason, actor).ConfigureAwait(false);
        }

        return ended;
    }

    /// <summary>Ends many sessions and raises the event for each, also for those that were ended before a failure.</summary>
    /// <typeparam name="T">A list, or null where the store says that nothing was ended.</typeparam>
    public async ValueTask<T> EndManyAsync<T>(ValueTask<T> deletion, Func<Session, SessionEndReason> getReason, SessionId? actor)
        where T : IReadOnlyList<Session>?
    {
        try
        {
            var ended = await deletion.ConfigureAwait(false);
            await RaiseTogetherAsync(ended).ConfigureAwait(false);
            return ended;
        }
        catch (IncompleteDeletionException e)
        {
            await RaiseTogetherAsync(e.Deleted).ConfigureAwait(false);
            throw;
        }

        ValueTask RaiseTogetherAsync(IReadOnlyList<Session>? ended) =>
            Events.RaiseTogetherAsync(nameof(SessionEvents.OnEnded), () => RaiseAsync(ended));

        async ValueTask RaiseAsync(IReadOnlyList<Session>? ended)
        {
            foreach (var session in ended ?? [])
            {
                await Events.RaiseEndedAsync(session, getReason(session), actor).ConfigureAwait(false);
            }
        }
    }

    /// <summary>When a session that is used now expires: after its idle time, never after its end.</summary>
    public static DateTimeOffset ComputeExpiry(DateTimeOffset now, TimeSpan? idleTimeout, DateTimeOffset endsAt) =>
        idleTimeout is { } idle && now + idle < endsAt ? now + idle : endsAt;

    /// <summary>The host has served its last request: writes the last use of sessions that is still queued.</summary>
    /// <param name="cancellationToken">The host has no more time. What is not written then is lost.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopped = true;
        try
        {
            await LastSeenWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            SessionLog.FlushAbandoned(Log);
        }
    }

    /// <summary>
    /// Writes the last use of sessions that is still queued, unless a host has had its time for that, then releases everything but the
    /// store.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            await LastSeenWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }

        Dispose();
    }

    /// <summary>Releases everything but the store. What is still queued is lost.</summary>
    public void Dispose()
    {
        _subscription?.Dispose();
        LastSeenWriter.Dispose();
        EndingRetrier.Dispose();
        Availability.Dispose();
    }
}
