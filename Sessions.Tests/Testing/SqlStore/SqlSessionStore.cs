using Microsoft.Extensions.Logging.Abstractions;
using Sessions.Stores;

namespace Sessions.Tests.Testing.SqlStore;

/// <summary>
/// A store as an author writes one for a database of rows: ADO.NET, one transaction a call, a log of changes that every node polls.
/// <see cref="SqlStoreFaults"/> says what goes wrong in such a store, and which test finds it.
/// </summary>
internal sealed partial class SqlSessionStore : DisposableSessionStore, ISessionStore
{
    private const string Columns = SqlSessionRow.Columns;

    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly CorruptRecordReporter? _reporter;
    private readonly SharedAttempt<bool> _schema;
    private readonly ChangeFeedBroker _feed;

    public SqlSessionStore(string connectionString, TimeProvider time, TimeSpan pollInterval, CorruptRecordReporter? reporter = null)
    {
        (_connectionString, _time, _reporter) = (connectionString, time, reporter);
        _schema = new(CreateSchemaAsync);
        _feed = PollingChangeFeed.Create(ReadChangesAsync, pollInterval, TimeProvider.System, NullLogger.Instance);
    }

    public ISessionChangeFeed ChangeFeed => _feed;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await RunAsync(static _ => true, writes: false, cancellationToken);

    public ValueTask<SessionCreation> CreateAsync(
        Session session,
        SessionLimit? limit,
        SessionId? replaces,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            sql =>
            {
                Insert(sql, session);
                if (session.UserKey is null)
                {
                    return new SessionCreation();
                }

                var others = FindByUser(sql, session.UserKey).Where(other => other.Id != session.Id).ToList();
                var replaced = others.Find(other => other.Id == replaces);
                var evicted = limit?.GetEvicted(session, others.Where(other => other != replaced)) ?? [];
                foreach (var other in evicted)
                {
                    sql.Execute("DELETE FROM sessions WHERE id = @id", ("@id", $"{other.Id}"));
                    Publish(sql, $"{other.Id}", SessionChangeKind.Ended);
                }

                if (replaced is not null)
                {
                    Leave(sql, replaced, SessionMarker.Replaced);
                }

                return new SessionCreation { Evicted = evicted, Replaced = replaced };
            },
            writes: true,
            cancellationToken
        );

    public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) =>
        RunAsync(sql => Find(sql, id), writes: false, cancellationToken);

    public ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) =>
        RunAsync<IReadOnlyList<Session>>(
            sql => FindByUser(sql, userKey).ConvertAll(session => session.WithValues(valueKeys)),
            writes: false,
            cancellationToken
        );

    public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Session>>(
            sql =>
                Read(
                    sql.Query(
                        $"SELECT {Columns} FROM sessions JOIN session_tags USING (id) WHERE name = @name AND value = @value",
                        ("@name", tag.Name),
                        ("@value", tag.Value)
                    )
                ),
            writes: false,
            cancellationToken
        );

    public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
        RunAsync(
            sql =>
            {
                var row = sql.Query($"SELECT {Columns} FROM sessions WHERE id = @id", ("@id", $"{id}")).SingleOrDefault();
                if (row is null || Read([row]) is not [var session])
                {
                    return SessionUpdate.Gone;
                }

                var update = patch.ApplyTo(session);
                if (update.Outcome == SessionUpdateOutcome.Applied)
                {
                    var changed = update.Session!;
                    sql.Execute(
                        "UPDATE sessions SET expires_at = @expires, ends_at = @ends, record = @record WHERE id = @id",
                        ("@id", row.Id),
                        ("@expires", changed.ExpiresAt.ToUnixTimeMilliseconds()),
                        ("@ends", changed.EndsAt.ToUnixTimeMilliseconds()),
                        ("@record", SessionRecord.Update(row.Record, changed))
                    );
                    InsertTags(sql, id, patch.Tags);
                    if (patch.IsPublished)
                    {
                        Publish(sql, row.Id, SessionChangeKind.Changed);
                    }
                }

                return update;
            },
            writes: true,
            cancellationToken
        );

    public async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
        await RunAsync(
            sql =>
            {
                foreach (var touch in touches)
                {
                    sql.Execute(
                        """
                        UPDATE sessions
                        SET last_seen_at = max(last_seen_at, @seen), expires_at = max(expires_at, min(@expires, ends_at))
                        WHERE id = @id AND marker = 0 AND expires_at > @now
                        """,
                        ("@id", $"{touch.Id}"),
                        ("@seen", touch.LastSeenAt.ToUnixTimeMilliseconds()),
                        ("@expires", touch.ExpiresAt.ToUnixTimeMilliseconds()),
                        ("@now", Now)
                    );
                }

                return touches.Count;
            },
            writes: true,
            cancellationToken
        );

    public ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
        RunAsync(
            sql =>
            {
                if (leaves != SessionMarker.None && Find(sql, id).Session is { } session)
                {
                    Leave(sql, session, leaves);
                    return session;
                }

                return Delete(sql, "id = @id AND marker = 0", ("@id", $"{id}")).SingleOrDefault();
            },
            writes: true,
            cancellationToken
        );

    public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Session>?>(
            sql =>
                except is { } spared && Find(sql, spared).Session?.UserKey != userKey
                    ? null
                    : Delete(sql, "user_key = @user AND id <> @except", ("@user", userKey), ("@except", $"{except}")),
            writes: true,
            cancellationToken
        );

    public ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Session>>(
            sql =>
                Delete(
                    sql,
                    "id IN (SELECT id FROM session_tags WHERE name = @name AND value = @value)",
                    ("@name", tag.Name),
                    ("@value", tag.Value)
                ),
            writes: true,
            cancellationToken
        );

    public ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken) =>
        SessionSweeping.DeleteExpiredAsync(
            maxCount,
            _time,
            (expiredBy, count, cancel) => RunAsync(sql => Sweep(sql, expiredBy, count), writes: true, cancel),
            cancellationToken
        );

    public ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        SessionPaging.FetchAsync(
            continuation,
            pageSize,
            _time,
            (after, count, cancel) =>
                RunAsync<IReadOnlyList<SqlSessionRow>>(
                    sql =>
                        sql.Query(
                            $"SELECT {Columns} FROM sessions WHERE id > @after ORDER BY id LIMIT @count",
                            ("@after", after),
                            ("@count", count)
                        ),
                    writes: false,
                    cancel
                ),
            static row => row.Id,
            ReadSession,
            cancellationToken
        );

    protected override ValueTask DisposeCoreAsync() => _feed.DisposeAsync();
}
