using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// Keeps sessions in Redis 7 or newer, or Valkey, single or as a cluster. A session is one string, a user's sessions are indexed by one
/// sorted set beside them; every call is one round trip, and atomic.
/// </summary>
public sealed partial class RedisSessionStore : DisposableSessionStore, ISessionStore
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

    /// <summary>A store on a connection of its own, or of the application. It connects when it is first used or prepared.</summary>
    /// <param name="options">Copied; with <see cref="RedisSessionOptions.Configuration"/> or
    /// <see cref="RedisSessionOptions.Connection"/>.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="reporter">Gets a report of each record that cannot be read; null: there is no report.</param>
    /// <param name="log">Gets a message of what could not be checked at start and of the change feed; null: there is none.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public RedisSessionStore(
        RedisSessionOptions options,
        TimeProvider? time = null,
        CorruptRecordReporter? reporter = null,
        ILogger<RedisSessionStore>? log = null
    )
        : this(options, Connect(options), time, reporter, log) { }

    internal RedisSessionStore(
        RedisSessionOptions options,
        RedisConnection connection,
        TimeProvider? time = null,
        CorruptRecordReporter? reporter = null,
        ILogger<RedisSessionStore>? log = null
    )
    {
        _connection = connection;
        _reads = new RedisReadBatcher(connection);
        _inserts = new RedisInsertBatcher(connection);
        _keys = new RedisSessionKeys(options.KeyPrefix ?? "sessions:");
        _time = time ?? TimeProvider.System;
        _shardKey = options.ShardKey;
        _log = log ?? NullLogger<RedisSessionStore>.Instance;
        _reporter = reporter;
        _broker = ChangeFeedBroker.Create(ListenAsync, _time, _log);
    }

    /// <inheritdoc />
    public ISessionChangeFeed ChangeFeed => _broker;

    private string ComputeShard(string userKey) => SessionId.ComputeShard(userKey, _shardKey);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    public async ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var record = await _reads.ExecuteAsync(_keys.Session(id), cancellationToken).ConfigureAwait(false);
        return record is null
            ? default
            : _reporter.ReadOrDefault(
                (Id: id, Record: record, Now: _time.GetUtcNow()),
                static row => SessionRecord.ReadLookup(row.Id, row.Record, row.Now),
                static row => row.Id.ToString()
            );
    }

    /// <inheritdoc />
    protected override async ValueTask DisposeCoreAsync()
    {
        await _broker.DisposeAsync().ConfigureAwait(false);
        _connection.Dispose();
    }

    private static RedisConnection Connect(RedisSessionOptions options)
    {
        new RedisSessionOptionsValidator().ThrowIfInvalid(options);
        return RedisConnection.Create(options);
    }

    private async Task ListenAsync(ChangeFeedBroker broker, CancellationToken cancellationToken)
    {
        var connection = await _connection.GetAsync(cancellationToken).ConfigureAwait(false);
        await new RedisChangeFeed(connection, _keys, broker, _time).ListenAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        _connection.SendAsync(database => script.RunAsync(database, keys, arguments), cancellationToken);

    /// <summary>A session from its record; null when there is none, it cannot be read, or it has expired.</summary>
    private Session? ReadLive(SessionId id, byte[]? record) => record is null ? null : Read(id, record).IfLive(_time.GetUtcNow());

    private Session? Read(SessionId id, byte[] record) =>
        _reporter.ReadOrDefault(
            (Id: id, Record: record),
            static row => SessionRecord.Read(row.Id, row.Record),
            static row => row.Id.ToString()
        );
}
