using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sessions.Stores;
using static Sessions.Postgres.PostgresConnection;

namespace Sessions.Postgres;

/// <summary>Keeps sessions in a table of a PostgreSQL database (12 or newer).</summary>
/// <remarks>
/// <para>
/// Every call is one round trip and one transaction, which those share who read or create sessions at the same time. (A session that could
/// not be created together with others, since its user is being signed out everywhere or may reach the limit, or since the server refuses a
/// row among them, is created by a second one.) What concerns the number of a user's sessions (creating, deleting all) goes through an
/// advisory lock of that user: shared by creations that need not count, exclusive otherwise. Everything else relies on the locks of rows,
/// always taken in order of id, so that the calls of this store do not deadlock with each other.
/// </para>
/// <para>
/// Nothing else is retried here, deadlocks (40P01) and serialization failures (40001), which need another program in the table, included:
/// the caller gets a <see cref="SessionStoreException"/> with the server's error inside and knows best whether the call may be repeated.
/// </para>
/// </remarks>
public sealed partial class PostgresSessionStore : DisposableSessionStore, ISessionStore
{
    private readonly PostgresConnection _database;
    private readonly PostgresStatements _statements;
    private readonly PostgresReadBatcher _reads;
    private readonly PostgresInsertBatcher _inserts;
    private readonly TimeProvider _time;
    private readonly CorruptRecordReporter? _reporter;
    private readonly ChangeFeedBroker? _broker;

    /// <summary>A store in the database that the options name. Connects when it is first used or prepared.</summary>
    /// <param name="options">With a connection string or a data source, and not both.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="reporter">Gets a report of each record that cannot be read; null: there is no report.</param>
    /// <param name="log">Gets a message when the change feed connects and when it is lost; null: there is none.</param>
    /// <exception cref="SessionConfigurationException">The options cannot work.</exception>
    public PostgresSessionStore(
        PostgresSessionOptions options,
        TimeProvider? time = null,
        CorruptRecordReporter? reporter = null,
        ILogger<PostgresSessionStore>? log = null
    )
        : this(options, new PostgresSchema(options), time, reporter, log) { }

    internal PostgresSessionStore(
        PostgresSessionOptions options,
        PostgresSchema schema,
        TimeProvider? time,
        CorruptRecordReporter? reporter,
        ILogger<PostgresSessionStore>? log = null
    )
    {
        new PostgresSessionOptionsValidator().ThrowIfInvalid(options);
        _database = new PostgresConnection(options, schema);
        _statements = new PostgresStatements(schema, options.ChangeFeed);
        _reads = new PostgresReadBatcher(_database, _statements, ReadFetched);
        _inserts = new PostgresInsertBatcher(
            _database,
            _statements,
            (insert, cancel) => InsertInPlaceAsync(insert.Session, insert.Limit, replaces: null, cancel)
        );
        _time = time ?? TimeProvider.System;
        _reporter = reporter;
        if (options.ChangeFeed)
        {
            var feed = new PostgresChangeFeed(_database, schema.Channel, options.FeedConnectionString, _time);
            _broker = ChangeFeedBroker.Create(feed.ListenAsync, _time, log ?? NullLogger<PostgresSessionStore>.Instance);
        }
    }

    internal string PageSql => _statements.Page;

    /// <inheritdoc />
    public ISessionChangeFeed? ChangeFeed => _broker;

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _database.PrepareAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var row = await _reads.ExecuteAsync(id, cancellationToken).ConfigureAwait(false);
        return row?.ToLookup(_time.GetUtcNow()) ?? default;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var rows = await _database
            .QueryAsync(Read, cancellationToken, CreateStatement(_statements.FetchAll, PostgresParameter.Text(userKey), Now()))
            .ConfigureAwait(false);
        return [.. rows.OfType<Session>().Select(session => session.WithValues(valueKeys))];
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var rows = await _database
            .QueryAsync(
                Read,
                cancellationToken,
                CreateStatement(_statements.FetchByTag, PostgresParameter.Text(tag.Name), PostgresParameter.Text(tag.Value), Now())
            )
            .ConfigureAwait(false);
        return [.. rows.OfType<Session>()];
    }

    /// <inheritdoc />
    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(touches);
        cancellationToken.ThrowIfCancellationRequested();
        if (touches.Count == 0)
        {
            return;
        }

        await _database
            .QueryAsync(
                static _ => true,
                cancellationToken,
                CreateStatement(
                    _statements.Touch,
                    PostgresParameter.Texts(touches.Select(static touch => touch.Id.ToString())),
                    PostgresParameter.Instants(touches.Select(static touch => touch.LastSeenAt)),
                    PostgresParameter.Instants(touches.Select(static touch => touch.ExpiresAt)),
                    Now()
                )
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var statement =
            leaves == SessionMarker.None
                ? CreateStatement(_statements.Delete, PostgresParameter.Id(id))
                : CreateStatement(
                    _statements.DeleteAndMark,
                    PostgresParameter.Id(id),
                    PostgresParameter.Instant(now),
                    PostgresParameter.Small((short)leaves),
                    PostgresParameter.Instant(now + SessionMarkerLifetime.Duration)
                );
        var rows = await _database.QueryAsync(Read, cancellationToken, statement).ConfigureAwait(false);
        return rows is [var session] ? session.IfLive(now) : null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var rows = await _database
            .QueryAsync(
                Read,
                cancellationToken,
                CreateStatement(_statements.UserLock, PostgresParameter.Text(userKey)),
                CreateStatement(_statements.DeleteAll, PostgresParameter.Text(userKey), PostgresParameter.OptionalId(except), Now())
            )
            .ConfigureAwait(false);
        var live = rows.OfType<Session>().ToList();
        // The spared session is among the rows too: its row proves that it was alive.
        return except is null || live.RemoveAll(session => session.Id == except) == 1 ? live : null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var rows = await _database
            .QueryAsync(
                Read,
                cancellationToken,
                CreateStatement(_statements.DeleteByTag, PostgresParameter.Text(tag.Name), PostgresParameter.Text(tag.Value), Now())
            )
            .ConfigureAwait(false);
        return [.. rows.OfType<Session>()];
    }

    /// <inheritdoc />
    protected override async ValueTask DisposeCoreAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
        }

        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private NpgsqlParameter Now() => PostgresParameter.Instant(_time.GetUtcNow());

    /// <summary>The session in a row, or null with a report: what cannot be read is signed out.</summary>
    private Session? Read(DbDataReader row) =>
        _reporter.ReadOrDefault(row, static row => PostgresRow.ReadSession(row).ToSession(), PostgresRow.ReadId);

    private PostgresFetchedRow ReadFetched(DbDataReader row) =>
        _reporter.ReadOrDefault(
            row,
            static row =>
            {
                var record = PostgresRow.ReadSession(row);
                return new PostgresFetchedRow
                {
                    Id = record.Id,
                    Session = record.ToSession(),
                    Marker = (SessionMarker)record.Marker,
                    ExpiresAt = record.ExpiresAt,
                };
            },
            PostgresRow.ReadId
        ) ?? new() { Id = PostgresRow.ReadId(row) };
}
