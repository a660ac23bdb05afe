using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using Sessions.Stores;
using SQLitePCL;

namespace Sessions.Sqlite;

/// <summary>The database file: opens connections to it, and forgets them all when it failed.</summary>
internal sealed class SqliteConnectionFactory
{
    private static readonly TimeSpan BusyPollInterval = TimeSpan.FromMilliseconds(8);

    private readonly SqliteSchema _schema;
    private readonly TimeSpan _busyTimeout;
    private readonly string _connectionString;
    private readonly Lock _prepareLock = new();
    private volatile bool _prepared;
    private volatile int _failureCount;

    public SqliteConnectionFactory(SqliteSessionOptions options)
    {
        _schema = new SqliteSchema(SqliteSchema.GetTable(options));
        _busyTimeout = options.BusyTimeout;
        _connectionString = new SqliteConnectionStringBuilder(options.ConnectionString)
        {
            // The reader pool and the writer keep their connections open themselves.
            Pooling = false,
            // The rows of a session's tags are deleted with it.
            ForeignKeys = true,
            DefaultTimeout = (int)Math.Ceiling(options.BusyTimeout.TotalSeconds),
        }.ToString();
    }

    /// <summary>How often the file has failed. A connection that was opened before the last time is not to be trusted.</summary>
    public int FailureCount => _failureCount;

    public SqliteSessionConnection OpenReader()
    {
        Prepare();
        return Open();
    }

    public SqliteSessionConnection OpenWriter()
    {
        Prepare();
        var connection = Open();
        // On macOS a synchronized commit stops at the drive's own cache unless it is told to go on; elsewhere this has no effect.
        connection.Execute("PRAGMA fullfsync = ON");
        return connection;
    }

    /// <summary>Sees to the write-ahead log and the schema, unless that was done since the last failure.</summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    /// <exception cref="SessionConfigurationException">The file is not fit for these sessions.</exception>
    public void Prepare()
    {
        if (_prepared)
        {
            return;
        }

        lock (_prepareLock)
        {
            if (_prepared)
            {
                return;
            }

            var failures = _failureCount;
            using var connection = Open();
            if (connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL") is not "wal" and var mode)
            {
                throw new SessionConfigurationException(
                    $"SQLite keeps its journal in mode \"{mode}\" here instead of a write-ahead log. Put the file on a local drive."
                );
            }

            if (!_schema.IsCurrent(connection))
            {
                BeginWrite(connection);
                _schema.Migrate(connection);
                connection.Execute("COMMIT");
            }

            _prepared = failures == _failureCount;
        }
    }

    /// <summary>Takes the one write lock of the file.</summary>
    /// <exception cref="SqliteException">Others held it for as long as may be waited.</exception>
    public void BeginWrite(SqliteConnection connection)
    {
        // SQLite's own wait grows to 100 ms between two attempts, and so misses the short moments in which a busy process releases the
        // lock. Many short waits in a row use its first delays only: 1, 2 and 5 ms.
        SetBusyTimeout(connection, BusyPollInterval);
        var started = Stopwatch.GetTimestamp();
        int code;
        do
        {
            code = raw.sqlite3_exec(connection.Handle!, "BEGIN IMMEDIATE");
        } while ((code & 0xFF) == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < _busyTimeout);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
        SetBusyTimeout(connection, _busyTimeout);
    }

    /// <summary>
    /// Takes note of a failure. Unless the file is only locked, nothing that is open is trusted any longer: whatever is done about the
    /// failure, the next call finds it.
    /// </summary>
    /// <returns>What the caller gets: what is no failure of the file is passed on as it is.</returns>
    public Exception RegisterFailure(Exception e)
    {
        if (!IsFailure(e))
        {
            return e;
        }

        if (e is not SqliteException { SqliteErrorCode: raw.SQLITE_BUSY })
        {
            Interlocked.Increment(ref _failureCount);
            _prepared = false;
        }

        return StoreFailure.Create("SQLite", e);
    }

    /// <summary>
    /// A file that has become unfit while it was used is a failure too: only the start of the host is refused with anything else. So is
    /// SQLite's own library where it cannot be loaded, which the driver finds out as its types are first used.
    /// </summary>
    public static bool IsFailure(Exception e) => e is SqliteException or SessionConfigurationException or TypeInitializationException;

    private SqliteSessionConnection Open()
    {
        // The count is read first: a failure after this line makes the connection unusable.
        var connection = new SqliteSessionConnection(_connectionString, _failureCount);
        try
        {
            connection.Open();
            SetBusyTimeout(connection, _busyTimeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void SetBusyTimeout(SqliteConnection connection, TimeSpan timeout) =>
        raw.sqlite3_busy_timeout(connection.Handle!, (int)timeout.TotalMilliseconds);
}
