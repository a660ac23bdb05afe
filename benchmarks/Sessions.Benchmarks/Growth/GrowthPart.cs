namespace Sessions.Bench.Growth;

/// <summary>How the cost of a call grows with what is there.</summary>
internal static class GrowthPart
{
    private const string Text = """
        Medians of several runs, one call after the other. Sessions are visited in random order, so that processor caches help no more than they do a server. With connected nodes, each is a node of
        its own with `UseCache`, on one backend and in one process: a session is known to all of them, is revoked on the first, and is asked for on every one until all refuse it.
        """;

    public static async Task<ReportSection> RunAsync(bool full)
    {
        var live = new LiveSessions(full);
        await live.MeasureAsync();
        return new(
            "Growth",
            Text,
            [live.Table, live.Pauses, .. await SessionsPerUser.MeasureAsync(full), await ConnectedNodes.MeasureAsync()],
            [.. live.Aims]
        );
    }
}
