using Sessions.Stores;

namespace Sessions.Tests.Testing.SqlStore;

/// <content>What is done inside a transaction.</content>
internal sealed partial class SqlSessionStore
{
    private static void Insert(SqlTransaction sql, Session session)
    {
        var inserted = sql.Execute(
            """
            INSERT INTO sessions (id, user_key, created_at, last_seen_at, expires_at, ends_at, marker, record)
            VALUES (@id, @user, @created, @seen, @expires, @ends, 0, @record) ON CONFLICT (id) DO NOTHING
            """,
            ("@id", $"{session.Id}"),
            ("@user", session.UserKey),
            ("@created", session.CreatedAt.ToUnixTimeMilliseconds()),
            ("@seen", session.LastSeenAt.ToUnixTimeMilliseconds()),
            ("@expires", session.ExpiresAt.ToUnixTimeMilliseconds()),
            ("@ends", session.EndsAt.ToUnixTimeMilliseconds()),
            ("@record", SessionRecord.Write(session))
        );
        if (inserted == 0)
        {
            throw new DuplicateSessionException(session.Id);
        }

        InsertTags(sql, session.Id, session.Tags);
    }

    private static void InsertTags(SqlTransaction sql, SessionId id, SessionTags tags)
    {
        foreach (var tag in tags)
        {
            sql.Execute(
                "INSERT INTO session_tags (name, value, id) VALUES (@name, @value, @id) ON CONFLICT DO NOTHING",
                ("@name", tag.Name),
                ("@value", tag.Value),
                ("@id", $"{id}")
            );
        }
    }

    private SessionLookup Find(SqlTransaction sql, SessionId id)
    {
        var rows = sql.Query($"SELECT {Columns} FROM sessions WHERE id = @id AND expires_at > @now", ("@id", $"{id}"), ("@now", Now));
        return rows.SingleOrDefault() is not { } row ? default
            : row.Marker == SessionMarker.None ? ReadSession(row)
            : new SessionLookup { Marker = row.Marker };
    }

    private List<Session> FindByUser(SqlTransaction sql, string userKey) =>
        Read(sql.Query($"SELECT {Columns} FROM sessions WHERE user_key = @user", ("@user", userKey)));

    /// <summary>Deletes rows, expired or not.</summary>
    /// <returns>The live sessions among them.</returns>
    private List<Session> Delete(SqlTransaction sql, string condition, params (string Name, object? Value)[] parameters)
    {
        var rows = sql.Query($"DELETE FROM sessions WHERE {condition} RETURNING {Columns}", parameters);
        foreach (var row in rows)
        {
            Publish(sql, row.Id, SessionChangeKind.Ended);
        }

        return Read(rows);
    }

    /// <summary>A marker takes the place of a session: without a user, without tags, until it is due.</summary>
    private void Leave(SqlTransaction sql, Session session, SessionMarker marker)
    {
        sql.Execute("DELETE FROM session_tags WHERE id = @id", ("@id", $"{session.Id}"));
        sql.Execute(
            "UPDATE sessions SET user_key = NULL, marker = @marker, expires_at = @expires, record = @record WHERE id = @id",
            ("@id", $"{session.Id}"),
            ("@marker", (int)marker),
            ("@expires", (_time.GetUtcNow() + SessionMarkerLifetime.Duration).ToUnixTimeMilliseconds()),
            ("@record", SessionRecord.WriteMarker(marker, _time.GetUtcNow()))
        );
        Publish(sql, $"{session.Id}", SessionChangeKind.Ended);
    }

    private SweepBatch Sweep(SqlTransaction sql, DateTimeOffset expiredBy, int count)
    {
        var rows = sql.Query(
            $"""
            DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= @expired_by LIMIT @count)
            RETURNING {Columns}
            """,
            ("@expired_by", expiredBy.ToUnixTimeMilliseconds()),
            ("@count", count)
        );
        return new() { RowCount = rows.Count, Sessions = [.. rows.Select(ReadSession).OfType<Session>()] };
    }

    private List<Session> Read(IEnumerable<SqlSessionRow> rows) => rows.Select(ReadSession).OfType<Session>().ToLiveList(_time.GetUtcNow());

    private Session? ReadSession(SqlSessionRow row) => _reporter.ReadOrDefault(row, static row => row.ToSession(), static row => row.Id);

    private static void Publish(SqlTransaction sql, string id, SessionChangeKind kind) =>
        sql.Execute("INSERT INTO session_changes (id, kind) VALUES (@id, @kind)", ("@id", id), ("@kind", (int)kind));

    private ValueTask<PolledChanges> ReadChangesAsync(long? after, CancellationToken cancellationToken) =>
        RunAsync(
            sql =>
            {
                var latest = sql.Query("SELECT coalesce(max(position), 0) FROM session_changes", static row => row.GetInt64(0)).Single();
                var changes = sql.Query(
                    "SELECT id, kind FROM session_changes WHERE position > @after AND position <= @latest",
                    static row => new SessionChange { Id = SessionId.Parse(row.GetString(0)), Kind = (SessionChangeKind)row.GetInt32(1) },
                    ("@after", after ?? latest),
                    ("@latest", latest)
                );
                return new PolledChanges { Position = latest, Changes = changes };
            },
            writes: false,
            cancellationToken
        );
}
