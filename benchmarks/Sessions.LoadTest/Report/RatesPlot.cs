using System.Globalization;
using System.Net;
using System.Text;
using Sessions.LoadTest.Contenders;
using Sessions.LoadTest.Driving;

namespace Sessions.LoadTest.Report;

/// <summary>Rates as bars: ours dark, others grey, the bare endpoint as the line that nobody passes.</summary>
internal static class RatesPlot
{
    public const string File = "benchmarks/rates.svg";

    private const int Labels = 280;
    private const int Width = 900;
    private const int RowHeight = 26;
    private const int Head = 44;

    public static void Write(LoadResults results)
    {
        var measured = results.Many.Values.Where(static series => !series.IsEmpty).ToList();
        var most = measured.Max(static series => series.Median(Rate));
        var scale = (Width - Labels - 90) / most;
        var height = Head + (measured.Count * RowHeight) + 16;
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="13" role="img">
            <title>Requests a second at {LoadTestRun.ManyConnections} connections</title>
            <rect width="{Width}" height="{height}" fill="#ffffff"/>
            <text x="16" y="26" font-size="16" font-weight="600" fill="#1b1f24">Requests a second, {LoadTestRun.ManyConnections} connections, server on one core</text>

            """
        );
        for (var i = 0; i < measured.Count; i++)
        {
            Append(svg, measured[i], Head + (i * RowHeight), scale);
        }

        var line = Labels + (results.Many[BareContender.Value.Name].Median(Rate) * scale);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <line x1="{line:0.#}" y1="{Head - 4}" x2="{line:0.#}" y2="{height - 12}" stroke="#8c959f" stroke-dasharray="4 4"/>
            </svg>

            """
        );
        System.IO.File.WriteAllText(File, svg.ToString());
    }

    private static void Append(StringBuilder svg, Series series, int top, double scale)
    {
        var rate = series.Median(Rate);
        var length = rate * scale;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <text x="{Labels - 10}" y="{top + 16}" text-anchor="end" fill="#1b1f24">{WebUtility.HtmlEncode(series.Contender.Title)}</text>
            <rect x="{Labels}" y="{top + 3}" width="{length:0.#}" height="{RowHeight - 8}" rx="2" fill="{ColourOf(series.Contender)}"/>
            <text x="{Labels + length + 6:0.#}" y="{top + 16}" fill="#57606a">{rate:N0}</text>

            """
        );
    }

    private static string ColourOf(Contender contender) =>
        contender == BareContender.Value ? "#d0d7de"
        : SessionsContenders.IsOurs(contender) ? "#0f5fa8"
        : "#afb8c1";

    private static double Rate(Sample sample) => sample.RequestsPerSecond;
}
