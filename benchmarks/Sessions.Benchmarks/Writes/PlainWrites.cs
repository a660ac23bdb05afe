using Microsoft.Data.Sqlite;
using Sessions.Bench.Places;

namespace Sessions.Bench.Writes;

/// <summary>With the driver alone: a connection for each caller, a transaction for each write.</summary>
internal sealed class PlainWrites : IAsyncDisposable
{
    private readonly SqliteCommand[] _updates;

    public PlainWrites(SqlitePlace place, SessionId[] sessions) => _updates = [.. sessions.Select(session => Prepare(place, session))];

    public Task<double> RunAsync(TimeSpan time) =>
        // The driver blocks while it waits for its turn, so each caller has a thread of its own.
        WriteCallers.RunAsync(
            time,
            (caller, isOver) =>
                Task.Factory.StartNew(
                    () => Write(_updates[caller], isOver),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var update in _updates)
        {
            await update.Connection!.DisposeAsync();
            await update.DisposeAsync();
        }
    }

    private static int Write(SqliteCommand update, Func<bool> isOver)
    {
        var writes = 0;
        while (!isOver())
        {
            update.Parameters["@values"].Value = writes++ % 2 == 0 ? """{"theme":"dark"}""" : """{"theme":"light"}""";
            if (update.ExecuteNonQuery() != 1)
            {
                throw new InvalidOperationException("A live session was not changed.");
            }
        }

        return writes;
    }

    private static SqliteCommand Prepare(SqlitePlace place, SessionId session)
    {
        var connection = new SqliteConnection($"Data Source={place.Path};Pooling=False");
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000";
        pragmas.ExecuteNonQuery();
        var update = connection.CreateCommand();
        update.CommandText = "UPDATE sessions SET value_map = @values WHERE id = @id";
        update.Parameters.AddWithValue("@id", session.ToString());
        update.Parameters.AddWithValue("@values", "{}");
        update.Prepare();
        return update;
    }
}
