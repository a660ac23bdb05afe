using Dapper;
using Sessions.Stores;

namespace Sessions.Sqlite;

/// <summary>
/// Keeps sessions in a SQLite file. Reads run beside each other on the caller's thread; writes go through one writer that commits together
/// what waits. A deletion, and the replacement of a secret, is on the drive before the call returns; other writes survive the end of the
/// process, but a power cut may take the latest.
/// </summary>
public sealed partial class SqliteSessionStore : DisposableSessionStore, ISessionStore
{
    private readonly TimeProvider _time;
    private readonly CorruptRecordReporter? _reporter;
    private readonly SqliteConnectionFactory _connections;
    private readonly SqliteReaderPool _readers;

    /// <summary>A store on a file. Nothing is opened before the first call.</summary>
    /// <param name="options">Copied.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="reporter">Gets a report of each record that cannot be read; null: there is no report.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public SqliteSessionStore(SqliteSessionOptions options, TimeProvider? time = null, CorruptRecordReporter? reporter = null)
    {
        new SqliteSessionOptionsValidator().ThrowIfInvalid(options);
        Statements = new SqliteStatements(SqliteSchema.GetTable(options));
        _time = time ?? TimeProvider.System;
        _reporter = reporter;
        _connections = new SqliteConnectionFactory(options);
        _readers = new SqliteReaderPool(_connections);
        Writer = new SqliteWriter(_connections);
    }

    internal SqliteWriter Writer { get; }

    internal SqliteStatements Statements { get; }

    /// <summary>Milliseconds, as instants are in the table.</summary>
    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(0, static (_, _) => true, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException e) when (e.InnerException is SessionConfigurationException unfit)
        {
            throw unfit;
        }
    }

    /// <inheritdoc />
    public ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(session);
        // A session that is replaced ends in most cases. A limit seldom ends one, and no sign-in waits for the drive because it might.
        return WriteAsync(
            connection => Create(connection, session, limit, replaces),
            isDurable: replaces is not null,
            cancellationToken,
            static creation => creation.Evicted.Count > 0
        );
    }

    /// <inheritdoc />
    public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        ReadAsync((Store: this, Id: id), static (connection, call) => call.Store.Find(connection, call.Id), cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(userKey);
        return ReadAsync<IReadOnlyList<Session>>(
            connection => FindAll(connection, userKey).ConvertAll(session => session.WithValues(valueKeys)),
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return ReadAsync<IReadOnlyList<Session>>(
            connection =>
                Read(
                    connection.Query<SqliteSessionRecord>(
                        Statements.FetchByTag,
                        new
                        {
                            tag.Name,
                            tag.Value,
                            Now,
                        }
                    )
                ),
            cancellationToken
        );
    }

    /// <inheritdoc />
    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return WriteAsync(
            connection => Update(connection, id, patch),
            isDurable: patch.Credential is { HasNewToken: true },
            cancellationToken
        );
    }

    /// <inheritdoc />
    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(touches);
        var copy = touches.ToArray();
        await WriteAsync(connection => Touch(connection, copy), isDurable: false, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        SessionSweeping.DeleteExpiredAsync(
            maxCount,
            _time,
            (expiredBy, count, cancel) => WriteAsync(connection => Sweep(connection, expiredBy, count), isDurable: false, cancel),
            cancellationToken
        );

    /// <inheritdoc />
    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        SessionPaging.FetchAsync(
            continuation,
            pageSize,
            _time,
            (after, count, cancel) =>
                ReadAsync<IReadOnlyList<SqliteSessionRecord>>(
                    connection => connection.Query<SqliteSessionRecord>(Statements.Page, new { After = after, Count = count }).AsList(),
                    cancel
                ),
            static record => record.Id,
            Read,
            cancellationToken
        );

    /// <summary>Waits until what was begun is committed, and closes the file.</summary>
    protected override ValueTask DisposeCoreAsync()
    {
        _readers.Dispose();
        return Writer.DisposeAsync();
    }

    private ValueTask<T> ReadAsync<T>(Func<SqliteSessionConnection, T> read, CancellationToken cancellationToken) =>
        ReadAsync(read, static (connection, read) => read(connection), cancellationToken);

    private ValueTask<T> ReadAsync<TCall, T>(TCall call, Func<SqliteSessionConnection, TCall, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        try
        {
            return new(_readers.Run(call, read));
        }
        catch (Exception e) when (SqliteConnectionFactory.IsFailure(e))
        {
            throw _connections.RegisterFailure(e);
        }
    }

    private ValueTask<T> WriteAsync<T>(
        Func<SqliteSessionConnection, T> write,
        bool isDurable,
        CancellationToken cancellationToken,
        Func<T, bool>? isResultDurable = null
    ) => new(Writer.RunAsync(write, isDurable, cancellationToken, isResultDurable));
}
