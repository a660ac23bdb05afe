using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <summary>
/// Keeps sessions in a LiteDB file of one process, or in a collection of the application's own database. In a file of its own a deletion,
/// and the replacement of a secret, is on the drive before the call returns; other writes survive the end of the process, but a power cut
/// may take the latest.
/// </summary>
public sealed partial class LiteDbSessionStore : DisposableSessionStore, ISessionStore
{
    private readonly TimeProvider _time;
    private readonly CorruptRecordReporter? _reporter;
    private readonly LiteDbConnection _connection;

    /// <summary>A store on a file of its own, or in a database of the application. Nothing is opened before the first call.</summary>
    /// <param name="options">Copied.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="reporter">Gets a report of each record that cannot be read; null: there is no report.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public LiteDbSessionStore(LiteDbSessionOptions options, TimeProvider? time = null, CorruptRecordReporter? reporter = null)
    {
        new LiteDbSessionOptionsValidator().ThrowIfInvalid(options);
        _time = time ?? TimeProvider.System;
        _reporter = reporter;
        _connection = new LiteDbConnection(options);
    }

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await _connection.ReadAsync(static _ => true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        return _connection.WriteAsync(
            records => Create(records, session, limit, replaces),
            static creation => creation.Evicted.Count > 0 || creation.Replaced is not null,
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        _connection.ReadAsync(records => Find(records, id), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var keys = valueKeys?.ToArray();
        return _connection.ReadAsync<IReadOnlyList<Session>>(
            records => GetLive(FindByUser(records, userKey)).ConvertAll(session => session.WithValues(keys)),
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _connection.ReadAsync<IReadOnlyList<Session>>(records => GetLive(FindByTag(records, tag)), cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _connection.WriteAsync(
            records => Update(records, id, patch),
            update => patch.Credential is { HasNewToken: true } && update.Outcome == SessionUpdateOutcome.Applied,
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
    public ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        _connection.WriteAsync(records => Delete(records, id, leaves), static deleted => deleted is not null, cancellationToken);

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
    public ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _connection.WriteAsync<IReadOnlyList<Session>>(
            records => DeleteByTag(records, tag),
            static ended => ended.Count > 0,
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        SessionSweeping.DeleteExpiredAsync(
            maxCount,
            _time,
            (expiredBy, count, cancel) => _connection.WriteAsync(records => Sweep(records, expiredBy, count), static _ => false, cancel),
            cancellationToken
        );

    /// <inheritdoc />
    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        // The value and not its text: the id of a record that another program wrote may have any type, and no record is found by its text.
        BsonValue? last = null;
        return SessionPaging.FetchAsync(
            continuation,
            pageSize,
            _time,
            async (after, count, cancel) =>
            {
                var position = last ?? LiteDbSessionRecord.Key(after);
                var rows = await _connection
                    .ReadAsync<IReadOnlyList<BsonDocument>>(records => PageQuery(records, position, count).ToList(), cancel)
                    .ConfigureAwait(false);
                last = rows is [.., var row] ? row["_id"] : last;
                return rows;
            },
            LiteDbSessionRecord.ReadId,
            Read,
            cancellationToken
        );
    }

    /// <inheritdoc />
    protected override ValueTask DisposeCoreAsync() => _connection.DisposeAsync();
}
