using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// Keeps sessions in Redis 7 or newer, or Valkey, single or as a cluster. A session is one string, a user's sessions are indexed by one sorted set beside
/// them; every call is one round trip, and atomic.
/// </summary>
public sealed partial class RedisSessionStore
    : ISessionDirectory,
        ISessionChangeFeed,
        IPreparableSessionStore,
        IAsyncDisposable,
        IDisposable
{
    private static readonly long Tolerance = (long)ClockTolerance.Deletion.TotalMilliseconds;

    private readonly RedisConnection _connection;
    private readonly RedisFetches _fetches;
    private readonly RedisCreations _creations;
    private readonly RedisSessionKeys _keys;
    private readonly TimeProvider _time;
    private readonly byte[]? _shardKey;
    private readonly ILogger _log;
    private readonly UnreadableSessionReporter? _unreadable;
    private readonly SessionChangeHub _hub;

    /// <summary>A store on a connection that somebody else closes.</summary>
    /// <param name="connection">Where the sessions are.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="keyPrefix">See <see cref="RedisSessionOptions.KeyPrefix"/>; null: <c>sessions:</c>.</param>
    /// <param name="shardKey">See <see cref="SessionUpOptions.ShardKey"/>; it must be the key that the sessions' ids are made with. Null: none.</param>
    /// <param name="log">Told what could not be checked at start; null: nobody is.</param>
    /// <param name="unreadable">Told of records that cannot be read; null: nobody is.</param>
    /// <exception cref="ArgumentException">The prefix holds a brace.</exception>
    public RedisSessionStore(
        IConnectionMultiplexer connection,
        TimeProvider? time = null,
        string? keyPrefix = null,
        byte[]? shardKey = null,
        ILogger<RedisSessionStore>? log = null,
        UnreadableSessionReporter? unreadable = null
    )
        : this(new RedisConnection(() => Task.FromResult(connection), owned: false), keyPrefix, time, shardKey, log, unreadable) { }

    internal RedisSessionStore(
        RedisConnection connection,
        string? keyPrefix,
        TimeProvider? time,
        byte[]? shardKey,
        ILogger<RedisSessionStore>? log = null,
        UnreadableSessionReporter? unreadable = null
    )
    {
        keyPrefix ??= RedisSessionKeys.DefaultPrefix;
        if (!RedisSessionKeys.IsPrefix(keyPrefix))
        {
            throw new ArgumentException(RedisSessionKeys.PrefixRule, nameof(keyPrefix));
        }

        _connection = connection;
        _fetches = new RedisFetches(connection);
        _creations = new RedisCreations(connection);
        _keys = new RedisSessionKeys(keyPrefix);
        _time = time ?? TimeProvider.System;
        _shardKey = shardKey;
        _log = log ?? NullLogger<RedisSessionStore>.Instance;
        _unreadable = unreadable;
        _hub = SessionChangeHub.Over(ListenAsync, _time, _log);
    }

    /// <inheritdoc />
    public SessionFeedStatus FeedStatus => _hub.Status;

    private string ShardOf(string userKey) => SessionId.ShardOf(userKey, _shardKey);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    public async ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Live(id, await _fetches.CallAsync(_keys.Session(id), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc />
    public IDisposable Subscribe(ISessionChangeListener listener) => _hub.Subscribe(listener);

    /// <summary>Ends the change feed, and closes the connection if the store made it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync().ConfigureAwait(false);
        _connection.Dispose();
    }

    /// <summary>The same without waiting until it is done.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    private async Task ListenAsync(SessionChangeHub hub, CancellationToken cancellationToken)
    {
        var connection = await _connection.GetAsync(cancellationToken).ConfigureAwait(false);
        await new RedisChangeFeed(connection, _keys, hub, _time).ListenAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        _connection.SendAsync(database => script.RunAsync(database, keys, arguments), cancellationToken);

    /// <summary>A session from its record; null when there is none, it cannot be read, or it has expired.</summary>
    private Session? Live(SessionId id, byte[]? record) =>
        record is not null && Read(id, record) is { } session && !session.IsExpired(_time.GetUtcNow()) ? session : null;

    private Session? Read(SessionId id, byte[] record)
    {
        try
        {
            return SessionRecord.Read(id, record);
        }
        catch (FormatException e)
        {
            _unreadable?.Report(id.ToString(), e);
            return null;
        }
    }
}
