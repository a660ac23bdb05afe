using System.Collections.Concurrent;

namespace Sessions.Sqlite;

/// <summary>
/// Connections for reading that no call uses at the moment. The driver has a pool too, but it forgets what was compiled. A read runs on the
/// caller's thread from beginning to end, so there are never more readers than threads.
/// </summary>
internal sealed class SqliteReaderPool(SqliteConnectionFactory connections) : IDisposable
{
    // More readers are opened only while very many requests run at once, and are closed afterwards.
    private static readonly int MaxIdle = Math.Max(4, Environment.ProcessorCount);

    private readonly ConcurrentStack<SqliteSessionConnection> _idle = new();
    private volatile bool _disposed;

    /// <summary>Runs one read.</summary>
    public T Run<TCall, T>(TCall call, Func<SqliteSessionConnection, TCall, T> read)
    {
        var reader = Rent();
        try
        {
            var result = read(reader, call);
            Return(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Closes those that no call uses; the others when their calls are done.</summary>
    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
    }

    private SqliteSessionConnection Rent()
    {
        if (_idle.TryPop(out var reader))
        {
            if (IsUsable(reader))
            {
                return reader;
            }

            // This reader is from before a failure, and so are all that are idle.
            reader.Dispose();
            CloseIdle();
        }

        return connections.OpenReader();
    }

    private void Return(SqliteSessionConnection reader)
    {
        if (_idle.Count >= MaxIdle || !IsUsable(reader))
        {
            reader.Dispose();
            return;
        }

        _idle.Push(reader);
        if (_disposed)
        {
            CloseIdle();
        }
    }

    private bool IsUsable(SqliteSessionConnection reader) => reader.FailureCountAtOpen == connections.FailureCount;

    private void CloseIdle()
    {
        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }
}
