using Npgsql;

namespace Sessions.Postgres;

/// <summary>How sessions are kept in PostgreSQL.</summary>
public sealed class PostgresSessionOptions
{
    /// <summary>
    /// Where the server is, in Npgsql's words. The store makes and disposes a data source of its own, which leaves out the reset of
    /// returned connections and ambient transactions: sessions need neither. With several hosts, the primary is used unless <c>Target
    /// Session Attributes</c> says otherwise.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>The application's own data source instead, which it disposes itself.</summary>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>
    /// The schema of the table, exactly as it is spelled, at most 63 bytes of UTF-8. Created if it is missing. Default: <c>public</c>.
    /// </summary>
    public string Schema { get; set; } = "public";

    /// <summary>
    /// The table, exactly as it is spelled, at most 53 bytes of UTF-8: PostgreSQL cuts names at 63, and the indexes are named after it.
    /// Default (null): <c>sessions</c>; for sessions of another name <c>sessions_</c> and that name.
    /// </summary>
    public string? Table { get; set; }

    /// <summary>
    /// Whether a table that the store creates is unlogged: faster to write, not on replicas, and empty after a crash of the server.
    /// Default: false.
    /// </summary>
    public bool Unlogged { get; set; }

    /// <summary>
    /// Whether statements are prepared on the server, once per connection. Default (null): yes, unless something stands between that gives
    /// each transaction another connection, as PgBouncer does; the store notices that by itself. True insists, for a PgBouncer with
    /// <c>max_prepared_statements</c>.
    /// </summary>
    public bool? PrepareStatements { get; set; }

    /// <summary>
    /// Whether changes are published to all nodes, with <c>NOTIFY</c> in the statement that makes them. Set alike on every node. PostgreSQL
    /// commits transactions that notify one after the other in the whole database; without, other nodes learn of a change when they read
    /// the session the next time. Default: true.
    /// </summary>
    public bool ChangeFeed { get; set; } = true;

    /// <summary>
    /// Where to listen for changes, in Npgsql's words, when a pooler that shares out its connections by the transaction (PgBouncer) stands
    /// between: the same database, directly. One connection that stays open while there is a listener. Default (null): like all others, but
    /// beside their pool.
    /// </summary>
    public string? FeedConnectionString { get; set; }
}
