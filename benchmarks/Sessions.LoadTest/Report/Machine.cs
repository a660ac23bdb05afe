using System.Diagnostics;
using System.Runtime.InteropServices;
using Sessions.Bench;
using Sessions.LoadTest.Driving;

namespace Sessions.LoadTest.Report;

/// <summary>Where it was measured, with what.</summary>
internal static class Machine
{
    public static async Task<ReportTable> DescribeAsync(IEnumerable<ReportSection> sections) =>
        new(
            "Machine",
            ["what", "value"],
            [
                ["Processor", $"{Line("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores"],
                ["Memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB"],
                ["System", $"{Line("/etc/os-release", "PRETTY_NAME").Trim('"')}, kernel {Environment.OSVersion.Version}"],
                [".NET", RuntimeInformation.FrameworkDescription],
                ["Redis driver", VersionOf(typeof(StackExchange.Redis.ConnectionMultiplexer))],
                ["Npgsql", VersionOf(typeof(Npgsql.NpgsqlConnection))],
                ["Microsoft.Data.Sqlite", VersionOf(typeof(Microsoft.Data.Sqlite.SqliteConnection))],
                ["LiteDB", FindVersion("LiteDB")],
                ["Microsoft's Redis cache", FindVersion("Microsoft.Extensions.Caching.StackExchangeRedis")],
                ["Redis", await InstalledProgram.ReadOutputAsync("redis-server", "--version")],
                ["PostgreSQL", await InstalledProgram.ReadOutputAsync("postgres", "--version")],
                ["wrk", (await InstalledProgram.ReadOutputAsync("wrk", "--version")).Split(" [")[0]],
                ["Node.js", $"{await InstalledProgram.ReadOutputAsync("node", "--version")}, {string.Join(", ", Express.Packages)}"],
                ["Commit", string.Join("; ", sections.GroupBy(static part => part.Commit, static part => part.Title).Select(Measured))],
            ]
        );

    private static string Measured(IGrouping<string?, string> parts) => $"{parts.Key} ({string.Join(", ", parts)})";

    private static string VersionOf(Type type) => VersionOf(type.Assembly.Location);

    // The version of the package: that of the assembly stays the same for years.
    private static string VersionOf(string file) => FileVersionInfo.GetVersionInfo(file).ProductVersion?.Split('+')[0] ?? "unknown";

    // Not every feed has it.
    private static string FindVersion(string assembly) =>
        Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll") is var file && File.Exists(file) ? VersionOf(file) : "not there";

    private static string Line(string file, string key) =>
        File.Exists(file) && File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOfAny([':', '=']) + 1)..].Trim()
            : "unknown";
}
