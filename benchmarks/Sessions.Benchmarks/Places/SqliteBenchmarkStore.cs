using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Bench.Places;

/// <summary>A SQLite file in the folder for temporary files.</summary>
internal sealed class SqliteBenchmarkStore : BenchmarkStore
{
    private readonly string _folder = NewFolder();

    public string Path => System.IO.Path.Combine(_folder, "sessions.db");

    /// <summary>What kind of file system it lies on.</summary>
    public string FileSystem => new DriveInfo(_folder).DriveFormat;

    public override int MaxSessions(bool full) => full ? 1_000_000 : 100_000;

    public override void Use(SessionUpBuilder sessions) => sessions.UseSqlite($"Data Source={Path}");

    public override async Task<long> UsedBytesAsync()
    {
        await QueryAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        return new FileInfo(Path).Length;
    }

    public override async Task<long?> CountAsync() => (long?)await QueryAsync("SELECT count(*) FROM sessions");

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }
}
