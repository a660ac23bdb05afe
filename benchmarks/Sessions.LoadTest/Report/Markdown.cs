using System.Text;
using Sessions.Bench;

namespace Sessions.LoadTest.Report;

internal static class Markdown
{
    public static string Format(ReportTable table)
    {
        var text = new StringBuilder();
        Append(text, table.Columns);
        // The first column names the row, the others hold numbers.
        Append(text, table.Columns.Select(static (_, i) => i == 0 ? "---" : "---:"));
        foreach (var row in table.Rows)
        {
            Append(text, row);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(static cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
