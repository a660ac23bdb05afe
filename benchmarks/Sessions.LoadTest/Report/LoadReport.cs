using Sessions.Bench;
using Sessions.LoadTest.Contenders;
using Sessions.LoadTest.Driving;

namespace Sessions.LoadTest.Report;

/// <summary>What the load test has to say.</summary>
internal static class LoadReport
{
    private const string Title = "Requests with a session, over HTTP";

    public static ReportSection Create(LoadResults results, LoadTestOptions options)
    {
        RatesPlot.Write(results);
        var command = Wrk.Command("http://127.0.0.1:<port>", "<file of cookies>", new(LoadTestRun.ManyConnections, options.Seconds));
        return new(
            Title,
            $"""
            One tiny server for each contender, on a core of its own; load (wrk, one thread) and databases share the other core. {SignIns.Sessions:N0} sessions of
            {SignIns.Users:N0} users, signed in over HTTP; every request shows the next one's cookie and is answered with the same 13 bytes. Each contender had its turn in
            each of {options.Rounds} rounds: {options.Seconds} s with {LoadTestRun.ManyConnections} connections and {options.SecondsAlone} s with one, and right before and right after each the bare endpoint had a second. Rates and times are medians of the rounds;
            ratios and differences to the bare endpoint are medians of those to its two seconds beside, and two contenders are compared by what they are to these. A turn begins with a second that does not count. The processor time is the server process's own, by the system's count. One answer of 400 or more would have ended the run, and so would any but 200 to 299 in the second before each turn, and in one after the last round. Times are as wrk corrects them for what it could not send meanwhile.
            Everything is as its defaults are: express-session writes to Redis with each request, AddSession renews its entry, ours writes down last uses together, once a minute for each session:
            all sessions are due whenever one of ours has its turn, so it is given three seconds to write them before it is measured. What is run:

                {string.Join(' ', command)}

            ![Rates beside the bare endpoint](rates.svg)
            """,
            [ManyConnectionsTable(results), OneConnectionTable(results), SignInTable(results)],
            [.. LoadAims.Evaluate(results)]
        );
    }

    /// <summary>What there is to say where nothing can be measured.</summary>
    public static ReportSection CreateEmpty(string reason) =>
        new(Title, $"Not measured: {reason}.", [], [.. LoadAims.Evaluate(new LoadResults([]))]);

    private static ReportTable ManyConnectionsTable(LoadResults results) =>
        Table(
            results,
            results.Many,
            $"{LoadTestRun.ManyConnections} connections",
            [
                "requests/s",
                "least to most",
                "of the bare endpoint",
                "median ms",
                "p99 ms",
                "CPU µs a request",
                "beyond the bare endpoint, µs",
            ],
            (series, bare) =>
                [
                    $"{series.Median(Rate):N0}",
                    $"{series.Range(Rate).Least:N0} to {series.Range(Rate).Most:N0}",
                    $"{series.Ratio(bare, Rate):0.00}",
                    $"{series.Median(static sample => sample.MedianMicroseconds) / 1000:0.00}",
                    $"{series.Median(static sample => sample.P99Microseconds) / 1000:0.00}",
                    $"{series.Median(Processor):0.0}",
                    $"{series.DifferenceToBare(Processor):0.0}",
                ]
        );

    private static ReportTable OneConnectionTable(LoadResults results) =>
        Table(
            results,
            results.One,
            "One connection",
            ["requests/s", "median µs", "p99 µs", "median beside the bare endpoint"],
            (series, bare) =>
                [
                    $"{series.Median(Rate):N0}",
                    $"{series.Median(Latency):N0}",
                    $"{series.Median(static sample => sample.P99Microseconds):N0}",
                    $"{series.Ratio(bare, Latency):0.00}",
                ]
        );

    private static ReportTable SignInTable(LoadResults results) =>
        Table(
            results,
            results.SignIns,
            $"Sign-ins, {LoadTestRun.ManyConnections} connections",
            ["sign-ins/s", "of the bare endpoint's sign-ins", "median ms", "p99 ms", "CPU µs a sign-in"],
            (series, bare) =>
                [
                    $"{series.Median(Rate):N0}",
                    $"{series.Ratio(bare, Rate):0.00}",
                    $"{series.Median(static sample => sample.MedianMicroseconds) / 1000:0.00}",
                    $"{series.Median(static sample => sample.P99Microseconds) / 1000:0.00}",
                    $"{series.Median(Processor):0.0}",
                ]
        );

    private static ReportTable Table(
        LoadResults results,
        Dictionary<string, Series> all,
        string caption,
        string[] columns,
        Func<Series, Series, string[]> cells
    )
    {
        var bare = all[BareContender.Value.Name];
        var rows = all
            .Values.Where(static series => !series.IsEmpty)
            .Select(series => (string[])[series.Contender.Title, .. cells(series, bare)]);
        var absent = results
            .Absent.Select(static absence => (Title: ContenderList.Find(absence.Key)!.Title, Why: absence.Value))
            .Concat(ContenderList.LeftOut)
            .Select(absence => (string[])[absence.Title, $"not measured: {absence.Why}", .. Enumerable.Repeat("", columns.Length - 1)]);
        return new(caption, ["contender", .. columns], [.. rows, .. absent]);
    }

    private static double Rate(Sample sample) => sample.RequestsPerSecond;

    private static double Latency(Sample sample) => sample.MedianMicroseconds;

    private static double Processor(Sample sample) => sample.ProcessorMicroseconds;
}
