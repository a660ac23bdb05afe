using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <summary>
/// Keeps sessions in a LiteDB file of one process, or in a collection of the application's own database. In a file of its own a deletion, and the replacement of
/// a secret, is on the drive before the call returns; other writes survive the end of the process, but a power cut may take the latest.
/// </summary>
public sealed partial class LiteDbSessionStore : ISessionStore, IAsyncDisposable, IDisposable
{
    private readonly TimeProvider _time;
    private readonly CorruptRecordReporter? _reporter;
    private readonly LiteDbConnection _connection;

    /// <summary>A store on a file of its own. Nothing is opened before the first call.</summary>
    /// <param name="options">Copied.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="reporter">Told of records that cannot be read; null: nobody is.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public LiteDbSessionStore(LiteDbSessionOptions options, TimeProvider? time = null, CorruptRecordReporter? reporter = null)
        : this(options, null, time, reporter) { }

    /// <summary>A store in a database that the application opened. Whoever opened it disposes it, after the store.</summary>
    /// <param name="database">Not disposed.</param>
    /// <param name="options">Copied; without <see cref="LiteDbSessionOptions.Path"/>. Null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="reporter">Told of records that cannot be read; null: nobody is.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public LiteDbSessionStore(
        ILiteDatabase database,
        LiteDbSessionOptions? options = null,
        TimeProvider? time = null,
        CorruptRecordReporter? reporter = null
    )
        : this(options ?? new(), database ?? throw new ArgumentNullException(nameof(database)), time, reporter) { }

    private LiteDbSessionStore(LiteDbSessionOptions options, ILiteDatabase? database, TimeProvider? time, CorruptRecordReporter? reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (LiteDbSessionOptionsValidator.Failures(options, ownsFile: database is null).FirstOrDefault() is { } failure)
        {
            throw new SessionConfigurationException(failure);
        }

        _time = time ?? TimeProvider.System;
        _reporter = reporter;
        _connection = new LiteDbConnection(options, database);
    }

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await _connection.ReadAsync(static _ => true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _connection.WriteAsync<IReadOnlyList<Session>>(
            records => Create(records, session, limit),
            static ended => ended.Count > 0,
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        _connection.ReadAsync(records => Find(records, id), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        return _connection.ReadAsync<IReadOnlyList<Session>>(records => GetLive(FindByUser(records, userKey)), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _connection.WriteAsync(
            records => Update(records, id, patch),
            update => patch.Rotation is not null && update.Outcome == SessionUpdateOutcome.Applied,
            cancellationToken
        );
    }

    /// <inheritdoc />
    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(touches);
        var copy = touches.ToArray();
        await _connection.WriteAsync(records => Touch(records, copy), static _ => false, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) =>
        _connection.WriteAsync(
            records =>
            {
                var session = Find(records, id);
                records.Delete(LiteDbSessionRecord.Key(id));
                return session;
            },
            static deleted => deleted is not null,
            cancellationToken
        );

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        return _connection.WriteAsync<IReadOnlyList<Session>?>(
            records => DeleteAll(records, userKey, except),
            static ended => ended is { Count: > 0 },
            cancellationToken
        );
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        var expired = new List<Session>();
        int batch;
        int deleted;
        do
        {
            // Again for those that could not be read, in a transaction of its own: no other call waits for more than one batch.
            batch = maxCount - expired.Count;
            (deleted, var sessions) = await _connection
                .WriteAsync(records => Sweep(records, batch), static _ => false, cancellationToken)
                .ConfigureAwait(false);
            expired.AddRange(sessions);
        } while (deleted == batch && expired.Count < maxCount);

        return expired;
    }

    /// <summary>Waits for the call that was begun, and closes what the store opened.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <inheritdoc cref="DisposeAsync" />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
