using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Sessions.Stores;
using SQLitePCL;

namespace Sessions.Sqlite;

/// <summary>
/// The one who writes. SQLite has one writer at a time and pays for each commit, so writes that come while a commit is under way wait
/// together and are committed together, each in a savepoint of its own. A lone write is committed at once.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>So that other processes get their turn.</summary>
    private const int MaxBatch = 256;

    private readonly SqliteConnectionFactory _file;
    private readonly Channel<SqliteWriteRequest> _queue = Channel.CreateUnbounded<SqliteWriteRequest>(new() { SingleReader = true });
    private readonly Task _loop;
    private SqliteSessionConnection? _connection;
    private bool _isFullSync;
    private volatile Exception? _fatalError;

    public SqliteWriter(SqliteConnectionFactory connections)
    {
        _file = connections;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Runs a write; done when it is committed.</summary>
    /// <param name="work">May be run again in a new transaction when another write broke the one it was in.</param>
    /// <param name="isDurable">
    /// Whether it must survive a power cut. Otherwise it survives the end of the process, and a power cut may take the last few seconds.
    /// </param>
    /// <param name="cancellationToken">Has an effect until the work begins.</param>
    /// <param name="isResultDurable">Whether an outcome must, where that is known no earlier. The work is run a second time then.</param>
    public Task<T> RunAsync<T>(
        Func<SqliteSessionConnection, T> work,
        bool isDurable,
        CancellationToken cancellationToken,
        Func<T, bool>? isResultDurable = null
    )
    {
        var write = new SqliteWriteRequest<T>(work, isDurable, isResultDurable, cancellationToken);
        if (!_queue.Writer.TryWrite(write))
        {
            write.Fail(
                _fatalError is { } cause
                    ? StoreFailure.Create("SQLite", cause)
                    : new ObjectDisposedException(typeof(SqliteSessionStore).FullName)
            );
        }

        return write.Task;
    }

    /// <summary>Waits until everything is committed, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<SqliteWriteRequest>();
        try
        {
            await CommitAllAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The writer has stopped (for instance because SQLite's library cannot be loaded), so every call fails instead of waiting.
            _fatalError = e;
            _queue.Writer.TryComplete();
            DrainQueue(batch);
            batch.ForEach(write => write.Fail(StoreFailure.Create("SQLite", e)));
        }
    }

    private async Task CommitAllAsync(List<SqliteWriteRequest> batch)
    {
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            Commit(batch);
            batch.Clear();
        }

        if (_connection is not null)
        {
            // Brings to the drive what was committed without waiting for it. What this cannot finish is done when the file is opened next.
            _ = raw.sqlite3_wal_checkpoint_v2(_connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
            Close();
        }
    }

    private void Commit(List<SqliteWriteRequest> batch)
    {
        try
        {
            while (batch.Count > 0 && Run(batch) is { } culprit)
            {
                // SQLite rolled back the whole batch, as it does when the drive is full. The other writes may still fit.
                culprit.Complete();
                batch.Remove(culprit);
            }
        }
        catch (Exception e)
        {
            Close();
            if (e is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY })
            {
                // Calls that came while this batch waited in vain would each wait as long again, so they fail with it.
                DrainQueue(batch);
            }

            var error = _file.RegisterFailure(e);
            batch.ForEach(write => write.Fail(error));
            return;
        }

        batch.ForEach(static write => write.Complete());
    }

    private void DrainQueue(List<SqliteWriteRequest> batch)
    {
        while (_queue.Reader.TryRead(out var write))
        {
            batch.Add(write);
        }
    }

    /// <summary>Runs and commits a batch.</summary>
    /// <returns>Null; or the write that broke the transaction for all, with nothing committed.</returns>
    private SqliteWriteRequest? Run(List<SqliteWriteRequest> batch)
    {
        var connection = Begin(batch.Exists(static write => write.IsDurable));
        foreach (var write in batch)
        {
            if (!write.TryStart())
            {
                continue;
            }

            Execute(connection, "SAVEPOINT write");
            if (!write.Run(connection))
            {
                write.Error = _file.RegisterFailure(write.Error!);

                if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
                {
                    return write;
                }

                Execute(connection, "ROLLBACK TO write");
            }

            Execute(connection, "RELEASE write");
        }

        if (!_isFullSync && batch.Exists(static write => write.IsDurable))
        {
            // Inside a transaction SQLite does not change how it commits. It is run again once: now the batch says from the beginning what it
            // needs.
            Execute(connection, "ROLLBACK");
            return Run(batch);
        }

        Execute(connection, "COMMIT");
        return null;
    }

    private SqliteSessionConnection Begin(bool isDurable)
    {
        if (_connection is null || _connection.FailureCountAtOpen != _file.FailureCount)
        {
            Close();
            _connection = _file.OpenWriter();
            _isFullSync = !isDurable;
        }

        if (_isFullSync != isDurable)
        {
            Execute(_connection, isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _isFullSync = isDurable;
        }

        _file.BeginWrite(_connection);
        return _connection;
    }

    /// <summary>Without the driver's command around it, which costs more than such a statement.</summary>
    private static void Execute(SqliteConnection connection, string sql) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(connection.Handle!, sql), connection.Handle);

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
