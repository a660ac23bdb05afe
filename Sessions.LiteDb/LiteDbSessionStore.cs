using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <summary>
/// Keeps sessions in a LiteDB file of one process, or in a collection of the application's own database. In a file of its own a deletion, and the replacement of
/// a secret, is on the drive before the call returns; other writes survive the end of the process, but a power cut may take the latest.
/// </summary>
public sealed partial class LiteDbSessionStore
    : ISweepableSessionStore,
        ISessionDirectory,
        IPreparableSessionStore,
        IAsyncDisposable,
        IDisposable
{
    private readonly TimeProvider _time;
    private readonly UnreadableSessionReporter? _unreadable;
    private readonly LiteDbFile _file;

    /// <summary>A store on a file of its own. Nothing is opened before the first call.</summary>
    /// <param name="options">Copied.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="unreadable">Told of records that cannot be read; null: nobody is.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public LiteDbSessionStore(LiteDbSessionOptions options, TimeProvider? time = null, UnreadableSessionReporter? unreadable = null)
        : this(options, null, time, unreadable) { }

    /// <summary>A store in a database that the application opened. Whoever opened it disposes it, after the store.</summary>
    /// <param name="database">Not disposed.</param>
    /// <param name="options">Copied; without <see cref="LiteDbSessionOptions.Path"/>. Null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="unreadable">Told of records that cannot be read; null: nobody is.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public LiteDbSessionStore(
        ILiteDatabase database,
        LiteDbSessionOptions? options = null,
        TimeProvider? time = null,
        UnreadableSessionReporter? unreadable = null
    )
        : this(options ?? new(), database ?? throw new ArgumentNullException(nameof(database)), time, unreadable) { }

    private LiteDbSessionStore(
        LiteDbSessionOptions options,
        ILiteDatabase? database,
        TimeProvider? time,
        UnreadableSessionReporter? unreadable
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (LiteDbSessionOptionsValidator.Failures(options, ownFile: database is null).FirstOrDefault() is { } failure)
        {
            throw new SessionConfigurationException(failure);
        }

        _time = time ?? TimeProvider.System;
        _unreadable = unreadable;
        _file = new LiteDbFile(options, database);
    }

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await _file.ReadAsync(static _ => true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _file.WriteAsync<IReadOnlyList<Session>>(
            records => Create(records, session, limit),
            static ended => ended.Count > 0,
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        _file.ReadAsync(records => Find(records, id), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        return _file.ReadAsync<IReadOnlyList<Session>>(records => Live(RecordsOf(records, userKey)), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _file.WriteAsync(
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
        await _file.WriteAsync(records => Touch(records, copy), static _ => false, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<Session?> DeleteAsync(SessionId id, CancellationToken cancellationToken) =>
        _file.WriteAsync(
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
        return _file.WriteAsync<IReadOnlyList<Session>?>(
            records => DeleteAll(records, userKey, except),
            static ended => ended is { Count: > 0 },
            cancellationToken
        );
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> DeleteExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var expired = new List<Session>();
        int batch;
        int deleted;
        do
        {
            // Again for those that could not be read, in a transaction of its own: no other call waits for more than one batch.
            batch = limit - expired.Count;
            (deleted, var sessions) = await _file
                .WriteAsync(records => Sweep(records, batch), static _ => false, cancellationToken)
                .ConfigureAwait(false);
            expired.AddRange(sessions);
        } while (deleted == batch && expired.Count < limit);

        return expired;
    }

    /// <summary>Waits for the call that was begun, and closes what the store opened.</summary>
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <inheritdoc cref="DisposeAsync" />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
