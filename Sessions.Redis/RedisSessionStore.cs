using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// Keeps sessions in Redis 7 or newer, or Valkey, single or as a cluster. A session is one string, a user's sessions are indexed by one sorted set beside
/// them; every call is one round trip, and atomic.
/// </summary>
public sealed partial class RedisSessionStore : ISessionStore, IAsyncDisposable, IDisposable
{
    private static readonly long Tolerance = (long)ClockTolerance.Deletion.TotalMilliseconds;

    private readonly RedisConnection _connection;
    private readonly RedisReadBatcher _reads;
    private readonly RedisInsertBatcher _inserts;
    private readonly RedisSessionKeys _keys;
    private readonly TimeProvider _time;
    private readonly byte[]? _shardKey;
    private readonly ILogger _log;
    private readonly CorruptRecordReporter? _reporter;
    private readonly ChangeFeedBroker _broker;

    /// <summary>A store on a connection that somebody else closes.</summary>
    /// <param name="connection">Where the sessions are.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="keyPrefix">See <see cref="RedisSessionOptions.KeyPrefix"/>; null: <c>sessions:</c>.</param>
    /// <param name="shardKey">See <see cref="SessionUpOptions.ShardKey"/>; it must be the key that the sessions' ids are made with. Null: none.</param>
    /// <param name="log">Told what could not be checked at start; null: nobody is.</param>
    /// <param name="reporter">Told of records that cannot be read; null: nobody is.</param>
    /// <exception cref="ArgumentException">The prefix holds a brace.</exception>
    public RedisSessionStore(
        IConnectionMultiplexer connection,
        TimeProvider? time = null,
        string? keyPrefix = null,
        byte[]? shardKey = null,
        ILogger<RedisSessionStore>? log = null,
        CorruptRecordReporter? reporter = null
    )
        : this(new RedisConnection(() => Task.FromResult(connection), ownsConnection: false), keyPrefix, time, shardKey, log, reporter) { }

    internal RedisSessionStore(
        RedisConnection connection,
        string? keyPrefix,
        TimeProvider? time,
        byte[]? shardKey,
        ILogger<RedisSessionStore>? log = null,
        CorruptRecordReporter? reporter = null
    )
    {
        keyPrefix ??= RedisSessionKeys.DefaultPrefix;
        if (!RedisSessionKeys.IsValidPrefix(keyPrefix))
        {
            throw new ArgumentException(RedisSessionKeys.InvalidPrefixMessage, nameof(keyPrefix));
        }

        _connection = connection;
        _reads = new RedisReadBatcher(connection);
        _inserts = new RedisInsertBatcher(connection);
        _keys = new RedisSessionKeys(keyPrefix);
        _time = time ?? TimeProvider.System;
        _shardKey = shardKey;
        _log = log ?? NullLogger<RedisSessionStore>.Instance;
        _reporter = reporter;
        _broker = ChangeFeedBroker.Create(ListenAsync, _time, _log);
    }

    /// <inheritdoc />
    public ISessionChangeFeed ChangeFeed => _broker;

    private string ComputeShard(string userKey) => SessionId.ComputeShard(userKey, _shardKey);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    public async ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ReadLive(id, await _reads.ExecuteAsync(_keys.Session(id), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Ends the change feed, and closes the connection if the store made it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync().ConfigureAwait(false);
        _connection.Dispose();
    }

    /// <summary>The same without waiting until it is done.</summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    private async Task ListenAsync(ChangeFeedBroker broker, CancellationToken cancellationToken)
    {
        var connection = await _connection.GetAsync(cancellationToken).ConfigureAwait(false);
        await new RedisChangeFeed(connection, _keys, broker, _time).ListenAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        _connection.SendAsync(database => script.RunAsync(database, keys, arguments), cancellationToken);

    /// <summary>A session from its record; null when there is none, it cannot be read, or it has expired.</summary>
    private Session? ReadLive(SessionId id, byte[]? record) =>
        record is not null && Read(id, record) is { } session && !session.IsExpired(_time.GetUtcNow()) ? session : null;

    private Session? Read(SessionId id, byte[] record)
    {
        try
        {
            return SessionRecord.Read(id, record);
        }
        catch (FormatException e)
        {
            _reporter?.Report(id.ToString(), e);
            return null;
        }
    }
}
