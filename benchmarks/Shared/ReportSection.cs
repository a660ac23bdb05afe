using System.Text.Json;

namespace Sessions.Bench;

/// <summary>
/// A part of the report, kept as a file: each program writes its own, and the report is made of all that are there. The parts are in order
/// of their names.
/// </summary>
internal sealed record ReportSection(string Title, string Text, ReportTable[] Tables, Aim[] Aims)
{
    /// <summary>What was measured.</summary>
    public string? Commit { get; init; }

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>From the root of the repository, where the build starts the programs.</summary>
    public const string Folder = "artifacts/bench";

    public async Task SaveAsync(string name)
    {
        Directory.CreateDirectory(Folder);
        var section = this with { Commit = await MeasuredCommit.FindAsync() };
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{name}.json"), JsonSerializer.Serialize(section, s_json));
    }

    public static IEnumerable<ReportSection> LoadAll() =>
        Directory
            .EnumerateFiles(Folder, "*.json")
            .Order(StringComparer.Ordinal)
            .Select(static file => JsonSerializer.Deserialize<ReportSection>(File.ReadAllText(file))!);
}
