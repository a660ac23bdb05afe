using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Clients;

/// <summary>The table of agents in user-agents.tsv.</summary>
internal static class UserAgentSamples
{
    public static string[] Texts { get; } = [.. Rows.Select(cells => cells[3])];

    public static IEnumerable<TestCaseData> All =>
        Rows.Select(cells =>
            new TestCaseData(cells[3], Agent(ReadCell(cells[0]), ReadCell(cells[1]), Enum.Parse<DeviceKind>(cells[2]))).SetArgDisplayNames(
                cells[3]
            )
        );

    public static UserAgentHeaders Headers(string? agent, string? brands = null, string? platform = null, string? mobile = null) =>
        new()
        {
            UserAgent = agent,
            Brands = brands,
            Platform = platform,
            Mobile = mobile,
        };

    public static UserAgent Agent(string? system, string? browser, DeviceKind device) =>
        new()
        {
            OperatingSystem = system,
            Browser = browser,
            Device = device,
        };

    private static IEnumerable<string[]> Rows =>
        File.ReadLines(Repository.PathOf("Sessions.Tests/Clients/user-agents.tsv"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'));

    private static string? ReadCell(string cell) => cell.Length == 0 ? null : cell;
}
