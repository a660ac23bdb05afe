using System.Collections.Concurrent;

namespace Sessions.Sqlite;

/// <summary>
/// Connections for reading that nobody uses at the moment. The driver has a pool too, but it forgets what was compiled. A read runs on the caller's thread from beginning to end, so there are never more
/// readers than threads.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file) : IDisposable
{
    // More are in use only in a moment of very many requests, and opened for it.
    private static readonly int MaxIdle = Math.Max(4, Environment.ProcessorCount);

    private readonly ConcurrentStack<SqliteFileConnection> _idle = new();
    private volatile bool _disposed;

    /// <summary>Runs one read.</summary>
    public T Run<TCall, T>(TCall call, Func<SqliteFileConnection, TCall, T> read)
    {
        var reader = Take();
        try
        {
            var result = read(reader, call);
            Put(reader);
            return result;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Closes those that nobody uses; the others when they are done.</summary>
    public void Dispose()
    {
        _disposed = true;
        Close();
    }

    private SqliteFileConnection Take()
    {
        if (_idle.TryPop(out var reader))
        {
            if (IsTrusted(reader))
            {
                return reader;
            }

            // So were all that have been idle since.
            reader.Dispose();
            Close();
        }

        return file.OpenReader();
    }

    private void Put(SqliteFileConnection reader)
    {
        if (_idle.Count >= MaxIdle || !IsTrusted(reader))
        {
            reader.Dispose();
            return;
        }

        _idle.Push(reader);
        if (_disposed)
        {
            Close();
        }
    }

    private bool IsTrusted(SqliteFileConnection reader) => reader.FailuresSeen == file.Failures;

    private void Close()
    {
        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }
    }
}
