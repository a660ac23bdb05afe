using System.Text;
using Sessions.Bench;

namespace Sessions.LoadTest.Report;

/// <summary><c>benchmarks/RESULTS.md</c>, made of the parts that the programs left.</summary>
internal static class ResultsPage
{
    private const string File = "benchmarks/RESULTS.md";

    /// <param name="command">What all of it was measured with.</param>
    public static async Task WriteAsync(string command)
    {
        var sections = ReportSection.LoadAll().ToList();
        var page = new StringBuilder();
        page.Append(
            $"# Results\n\nWritten by `{command}`; change nothing here by hand. [How to read it, and what was learned](../docs/performance.md).\n\n"
        );
        page.Append("## Machine\n\n").Append(Markdown.Format(await Machine.DescribeAsync(sections))).Append('\n');
        page.Append("## Aims\n\n").Append(Markdown.Format(AimsTable(sections))).Append('\n');
        foreach (var section in sections)
        {
            page.Append("## ").Append(section.Title).Append("\n\n").Append(section.Text).Append("\n\n");
            foreach (var table in section.Tables)
            {
                page.Append("### ").Append(table.Caption).Append("\n\n").Append(Markdown.Format(table)).Append('\n');
            }
        }

        await System.IO.File.WriteAllTextAsync(File, page.ToString().TrimEnd('\n') + "\n");
        Console.WriteLine($"Written: {File}");
    }

    private static ReportTable AimsTable(IEnumerable<ReportSection> sections) =>
        new(
            "Aims",
            ["what", "aim", "measured", "met"],
            [
                .. sections
                    .SelectMany(static section => section.Aims)
                    .Select(static aim =>
                        (string[])
                            [
                                aim.What,
                                aim.Target,
                                aim.Measured,
                                aim.IsMet switch
                                {
                                    true => "yes",
                                    false => "**no**",
                                    null => "not measured",
                                },
                            ]
                    ),
            ]
        );
}
