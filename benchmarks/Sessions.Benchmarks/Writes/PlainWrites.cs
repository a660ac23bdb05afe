using Microsoft.Data.Sqlite;
using Sessions.Bench.Places;
using Sessions.Stores;

namespace Sessions.Bench.Writes;

/// <summary>With the driver alone: a connection for each caller, a transaction for each write.</summary>
internal sealed class PlainWrites : IAsyncDisposable
{
    private readonly SqliteBenchmarkStore _place;
    private readonly PlainUpdate[] _updates;

    private PlainWrites(SqliteBenchmarkStore place, SessionId[] sessions, string synchronous)
    {
        _place = place;
        _updates = [.. sessions.Select(session => Prepare(place, session, synchronous))];
    }

    /// <param name="synchronous">The level at which SQLite syncs.</param>
    public static async Task<PlainWrites> BeginAsync(string synchronous)
    {
        var place = new SqliteBenchmarkStore();
        // The library makes the table and the rows here too, and has gone when the others write.
        await using var app = await BenchApp.StartAsync(place);
        return new(place, await WriteCallers.LogInAsync(app.Manager), synchronous);
    }

    public Task<WriteRound> RunAsync(TimeSpan time) =>
        // The driver blocks while it waits for its turn, so each caller has a thread of its own.
        WriteCallers.RunAsync(
            time,
            caller =>
                Task.Factory.StartNew(
                    () => Write(_updates[caller.Number], caller),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var update in _updates)
        {
            await update.Command.Connection!.DisposeAsync();
            await update.Command.DisposeAsync();
        }

        await _place.DisposeAsync();
    }

    private static void Write(PlainUpdate update, WriteCaller caller)
    {
        while (caller.RecordStart())
        {
            update.Record.Value = update.Records[caller.Writes % 2];
            if (update.Command.ExecuteNonQuery() != 1)
            {
                throw new InvalidOperationException("A live session was not changed.");
            }

            caller.RecordEnd();
        }
    }

    private static PlainUpdate Prepare(SqliteBenchmarkStore place, SessionId id, string synchronous)
    {
        var connection = new SqliteConnection($"Data Source={place.Path};Pooling=False");
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA busy_timeout = 5000";
        pragmas.ExecuteNonQuery();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT record FROM sessions WHERE id = @id";
        select.Parameters.AddWithValue("@id", id.ToString());
        var session = SessionRecord.Read(id, (byte[])select.ExecuteScalar()!)!;
        var update = connection.CreateCommand();
        update.CommandText = "UPDATE sessions SET record = @record WHERE id = @id";
        update.Parameters.AddWithValue("@id", id.ToString());
        var record = update.Parameters.AddWithValue("@record", Array.Empty<byte>());
        update.Prepare();
        return new(update, record, [With(session, "dark"), With(session, "light")]);
    }

    private static byte[] With(Session session, string theme) =>
        SessionRecord.Write(session with { Values = SessionValues.From([new("theme", theme)]) });

    private sealed record PlainUpdate(SqliteCommand Command, SqliteParameter Record, byte[][] Records);
}
