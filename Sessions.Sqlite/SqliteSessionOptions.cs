namespace Sessions.Sqlite;

/// <summary>How sessions are kept in a SQLite file. Named options; checked when the host starts.</summary>
public sealed class SqliteSessionOptions
{
    /// <summary>
    /// Where the file is, as Microsoft.Data.Sqlite reads it: <c>Data Source=sessions.db</c>. The file is created when it is not there, its
    /// folder is not. Other processes and nodes on the same machine may use the same file, and the application may keep tables of its own
    /// in it. Not a database in memory, and not on a network drive: SQLite's write-ahead log needs memory that all its processes share.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The table. Default (null): <c>sessions</c>, or <c>sessions_</c> and the name of the sessions when they have one.</summary>
    public string? Table { get; set; }

    /// <summary>
    /// How long a call waits at most for others who hold the file, from 1 millisecond to 10 minutes; then it fails with a
    /// <see cref="SessionStoreException"/>. Default: 5 seconds.
    /// </summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
