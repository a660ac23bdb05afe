using System.Diagnostics;
using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Growth;

/// <summary>Auth and revocation against the number of nodes that remember sessions and are told when one ends.</summary>
internal static class ConnectedNodes
{
    private const int Sessions = 1_000;
    private const int Revoked = 100;
    private const int MaxNodes = 3;

    public static async Task<ReportTable> MeasureAsync()
    {
        var rows = new List<string[]>();
        foreach (var kind in (StoreKind[])[StoreKind.Redis, StoreKind.Postgres])
        {
            if (await kind.OpenAsync() is not { } place)
            {
                rows.Add([kind.Name, "", $"not measured: {kind.Missing}", "", ""]);
                continue;
            }

            await using var opened = place;
            for (var nodes = 1; nodes <= MaxNodes; nodes++)
            {
                Console.WriteLine($"   {kind.Name}, {nodes} connected nodes");
                rows.Add([kind.Name, FigureFormat.Whole(nodes), .. await MeasureAsync(place, nodes)]);
            }
        }

        return new(
            "Connected nodes, with UseCache",
            ["Store", "Nodes", "Auth on one", "Revoke on one", "From there until the last one refuses"],
            [.. rows]
        );
    }

    private static async Task<string[]> MeasureAsync(BenchmarkStore place, int count)
    {
        var nodes = new List<BenchApp>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                nodes.Add(await BenchApp.StartAsync(place, cache: true));
            }

            var managers = nodes.ConvertAll(static node => node.Manager);
            var tokens = SessionSeeder.Shuffled(
                (await SessionSeeder.CreateAsync(managers[0], Sessions, prefix: $"on-{count}-")).Select(static issued => issued.Token)
            );
            foreach (var manager in managers)
            {
                foreach (var token in tokens)
                {
                    await manager.AuthAsync(token);
                }
            }

            var auth = await CallTimer.MedianAsync(5, 20_000, i => managers[0].AuthAsync(tokens[i % Sessions]));
            var (revoke, refused) = (new List<double>(), new List<double>());
            foreach (var token in tokens.Take(Revoked))
            {
                var started = Stopwatch.GetTimestamp();
                await new SessionAdministration(managers[0]).RevokeAsync(token.Id);
                var revoked = Stopwatch.GetTimestamp();
                revoke.Add(Stopwatch.GetElapsedTime(started, revoked).TotalNanoseconds);
                foreach (var manager in managers)
                {
                    await WaitForRefusalAsync(manager, token, revoked);
                }

                refused.Add(Stopwatch.GetElapsedTime(revoked).TotalNanoseconds);
            }

            return [FigureFormat.Time(auth), FigureFormat.Time(CallTimer.Median(revoke)), FigureFormat.Time(CallTimer.Median(refused))];
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task WaitForRefusalAsync(SessionManager manager, SessionToken token, long since)
    {
        while ((await manager.AuthAsync(token)).IsAccepted)
        {
            if (Stopwatch.GetElapsedTime(since) > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException("A revoked session was still accepted after a minute.");
            }

            // Lets the message in that is awaited.
            await Task.Yield();
        }
    }
}
