using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Bench.Places;

/// <summary>A LiteDB file in the folder for temporary files.</summary>
internal sealed class LiteDbBenchmarkStore : BenchmarkStore
{
    private readonly string _folder = NewFolder();

    // It commits one call at a time.
    public override int MaxSessions(bool full) => full ? 100_000 : 10_000;

    public override void Use(SessionUpBuilder sessions) => sessions.UseLiteDb(Path.Combine(_folder, "sessions.litedb"));

    // The file and its log, which is written into the file when it is closed or has grown.
    public override Task<long> UsedBytesAsync() =>
        Task.FromResult(new DirectoryInfo(_folder).EnumerateFiles().Sum(static file => file.Length));

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
