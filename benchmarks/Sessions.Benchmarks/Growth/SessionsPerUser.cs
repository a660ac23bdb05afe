using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Growth;

/// <summary>What calls cost a user against the number of his sessions.</summary>
internal static class SessionsPerUser
{
    private const int Runs = 5;

    private static readonly int[] s_levels = [1, 10, 100, 1_000, 10_000];

    public static async Task<IReadOnlyList<ReportTable>> MeasureAsync(bool full)
    {
        var tables = new List<ReportTable>();
        foreach (var kind in StoreKind.All)
        {
            if (await kind.OpenAsync() is not { } place)
            {
                continue;
            }

            await using var opened = place;
            await using var app = await BenchApp.StartAsync(place, static options => options.MaxSessionsPerUser = null);
            var rows = new List<string[]>();
            foreach (var level in s_levels.Where(level => level <= place.MaxSessions(full) / 10))
            {
                Console.WriteLine($"   {kind.Name}, a user with {FigureFormat.Whole(level)} sessions");
                rows.Add([FigureFormat.Whole(level), .. await MeasureAsync(app.Manager, level)]);
            }

            tables.Add(
                new($"{kind.Name} against sessions of one user", ["Sessions", "Auth", "Init", "FetchAll", "RevokeOther"], [.. rows])
            );
        }

        return tables;
    }

    private static async Task<string[]> MeasureAsync(SessionManager manager, int level)
    {
        var issued = await SessionSeeder.CreateAsync(manager, level, level, $"of-{level}-");
        var (current, user) = (issued[0].Session, issued[0].Session.UserKey!);
        var tokens = SessionSeeder.Shuffled(issued.Select(static session => session.Token));
        var auth = await CallTimer.MedianAsync(Runs, 2_000, i => manager.AuthAsync(tokens[i % tokens.Length]));
        var fetchAll = await CallTimer.MedianAsync(Runs, level < 1_000 ? 100 : 5, _ => manager.FetchAllAsync(current));

        // The session that was begun before goes first, so that there are always as many.
        SessionId? begun = null;
        var init = await CallTimer.MedianAsync(
            Runs * 20,
            async run =>
            {
                if (begun is { } id)
                {
                    await new SessionAdministration(manager).RevokeAsync(id);
                }

                return new SessionInit { Client = SessionSeeder.Client(run) };
            },
            async client =>
            {
                var session = await manager.InitAsync(user, client);
                begun = session.Session.Id;
                return session;
            }
        );
        var revokeOther = await CallTimer.MedianAsync(
            Runs,
            async run => (await SessionSeeder.CreateAsync(manager, level, level, $"revoking-{level}-{run}-"))[0].Session,
            ended => manager.RevokeOtherAsync(ended)
        );
        return [FigureFormat.Time(auth), FigureFormat.Time(init), FigureFormat.Time(fetchAll), FigureFormat.Time(revokeOther)];
    }
}
