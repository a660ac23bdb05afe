using LiteDB;
using Sessions.Stores;

namespace Sessions.LiteDb;

/// <summary>
/// The database, one call at a time: LiteDB's checkpoint needs the file for itself, a reader gains nothing beside others, and more than 100
/// at once are refused. Opened by the first call, and by the next one after it failed.
/// </summary>
internal sealed class LiteDbConnection : IAsyncDisposable
{
    private readonly SemaphoreSlim _mutex = new(1);
    private readonly string? _path;
    private readonly string _collection;
    private ILiteDatabase? _database;
    private FileStream? _lock;
    private bool _prepared;
    private bool _disposed;

    public LiteDbConnection(LiteDbSessionOptions options)
    {
        (_path, _collection) = (options.Path, options.Collection ?? "sessions");
        _database = options.Database;
    }

    public ValueTask<T> ReadAsync<T>(Func<ILiteCollection<BsonDocument>, T> read, CancellationToken cancellationToken) =>
        RunAsync(read, static _ => false, cancellationToken);

    /// <summary>Runs a transaction. No other transaction that writes runs beside it, not even one of the application.</summary>
    /// <param name="write">The transaction.</param>
    /// <param name="isDurable">Whether the result has to survive a power cut. LiteDB does not see to it: it flushes nothing before a
    /// checkpoint.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<T> WriteAsync<T>(
        Func<ILiteCollection<BsonDocument>, T> write,
        Func<T, bool> isDurable,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            collection =>
            {
                // LiteDB takes the lock of a collection with the first change, which is too late for reads before it. So the transaction
                // begins with a change that changes nothing.
                collection.Delete(0);
                return write(collection);
            },
            isDurable,
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await _mutex.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            CloseOwned();
        }
        finally
        {
            _mutex.Release();
        }
    }

    private async ValueTask<T> RunAsync<T>(
        Func<ILiteCollection<BsonDocument>, T> work,
        Func<T, bool> isDurable,
        CancellationToken cancellationToken
    )
    {
        await _mutex.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // On a thread of its own, not the caller's: LiteDB's transactions belong to threads, and the caller may be in one of the
            // application's. Besides, LiteDB waits for the drive.
            return await Task.Run(() => Run(work, isDurable), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _mutex.Release();
        }
    }

    private T Run<T>(Func<ILiteCollection<BsonDocument>, T> work, Func<T, bool> isDurable)
    {
        try
        {
            var database = Open();
            var result = Transact(database, work);
            if (_path is not null && isDurable(result))
            {
                database.Checkpoint();
            }

            return result;
        }
        catch (Exception e) when (e is not SessionStoreException && !IsRefusal(e))
        {
            // After a failure LiteDB's state in memory may be wrong; the file itself is not.
            if (_database is not null)
            {
                LiteDbTransactionFinalizers.Suppress(_database);
            }

            CloseOwned();
            throw StoreFailure.Create("LiteDB", e);
        }
    }

    private T Transact<T>(ILiteDatabase database, Func<ILiteCollection<BsonDocument>, T> work)
    {
        if (!database.BeginTrans())
        {
            throw new SessionStoreException(
                "This thread is in a LiteDB transaction that the application began and left open. Commit it on the thread that began it."
            );
        }

        try
        {
            var result = work(Prepare(database));
            database.Commit();
            _prepared = true;
            return result;
        }
        catch (Exception e) when (_path is null || IsRefusal(e))
        {
            // After a failure a file of our own is closed instead: rolling back what LiteDB could not write fails, too.
            RollBack(database, e);
            throw;
        }
    }

    private ILiteCollection<BsonDocument> Prepare(ILiteDatabase database)
    {
        var collection = database.GetCollection(_collection);
        if (!_prepared)
        {
            collection.EnsureIndex(LiteDbSessionRecord.UserKey);
            collection.EnsureIndex(LiteDbSessionRecord.ExpiresAt);
            collection.EnsureIndex(LiteDbSessionRecord.Tags, LiteDbSessionRecord.EachTag);
        }

        return collection;
    }

    private ILiteDatabase Open()
    {
        if (_database is not null)
        {
            return _database;
        }

        // LiteDB locks its file on Windows only; elsewhere a second process could open it too, and both would destroy it.
        _lock ??= new FileStream($"{_path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        return _database = new LiteDatabase(
            new ConnectionString
            {
                Filename = _path,
                // The default is the culture of this moment, written into the file for good.
                Collation = File.Exists(_path) ? null : Collation.Binary,
            }
        );
    }

    /// <summary>Nothing failed: the transaction was refused.</summary>
    private static bool IsRefusal(Exception e) => e is DuplicateSessionException or SessionLimitException;

    private static void RollBack(ILiteDatabase database, Exception cause)
    {
        try
        {
            database.Rollback();
        }
        catch (Exception e)
        {
            LiteDbTransactionFinalizers.Suppress(database);
            throw new AggregateException(cause.Message, cause, e);
        }
    }

    private void CloseOwned()
    {
        _prepared = false;
        if (_path is not null)
        {
            _database?.Dispose();
            _database = null;
            _lock?.Dispose();
            _lock = null;
        }
    }
}
