using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Sizes;

/// <summary>How much room a session takes.</summary>
internal static class SizesPart
{
    private const int PerUser = 10;
    private const int MaxSessions = 100_000;

    private const string Text = $"""
        Bytes a live session, without values, 10 sessions a user: the difference that the sessions make, divided by their number. Memory after a full, blocking, compacting collection; Redis by
        `used_memory`, with the index; PostgreSQL by `pg_total_relation_size` after a VACUUM, with all indexes and the free half of each page that touches need; SQLite by the file after a checkpoint; LiteDB by its file and
        its log after a deletion, with which the store has the log written into the file.
        "By default" is what an application records when it says nothing: an IPv4 address, operating system, browser and device, and the SHA-256 of the user agent, here
        `{SessionSeeder.UserAgent}`. In memory what a browser says of itself is held once for all its sessions, so that each adds its address alone; elsewhere every session holds all of it.
        "Nothing" is with `RecordIPAddress` and `RecordUserAgent` off.
        """;

    public static async Task<ReportSection> RunAsync()
    {
        var rows = new List<string[]>();
        var byDefault = new Dictionary<StoreKind, double>();
        foreach (var kind in StoreKind.All)
        {
            if (await MeasureAsync(kind, recordClient: true) is not var (size, sessions))
            {
                rows.Add([kind.Name, "", $"not measured: {kind.Missing}", ""]);
                continue;
            }

            byDefault.Add(kind, size);
            var (bare, _) = (await MeasureAsync(kind, recordClient: false))!.Value;
            rows.Add([kind.Name, FigureFormat.Whole(sessions), FigureFormat.Bytes(size), FigureFormat.Bytes(bare)]);
        }

        var table = new ReportTable("Bytes a session", ["Store", "Sessions", "Client recorded by default", "Nothing recorded"], [.. rows]);
        return new(
            "Room that a session takes",
            Text,
            [table],
            [
                Evaluate(
                    byDefault,
                    StoreKind.Memory,
                    "Memory per live session, store Memory, after a full collection, 100,000 sessions, 10 a user",
                    383
                ),
                Evaluate(byDefault, StoreKind.Redis, "Redis bytes per session with its index, ordinary client, no values, 10 a user", 300),
                await HashLayout.MeasureAsync(),
            ]
        );
    }

    private static Aim Evaluate(Dictionary<StoreKind, double> sizes, StoreKind kind, string what, int target) =>
        sizes.TryGetValue(kind, out var size)
            ? new(what, $"at most {target} bytes", FigureFormat.Bytes(size), size <= target)
            : Aim.NotMeasured(what, $"at most {target} bytes", kind.Missing);

    private static async Task<(double Bytes, int Sessions)?> MeasureAsync(StoreKind kind, bool recordClient)
    {
        if (await kind.OpenAsync() is not { } opened)
        {
            return null;
        }

        await using var place = opened;
        await using var app = await BenchApp.StartAsync(place);
        // Not as many as there can be: this is one part of a short run.
        var sessions = Math.Min(MaxSessions, place.MaxSessions(full: false) / 5);
        // The first ones make what is there once, such as tables, scripts and buffers.
        var first = await SessionSeeder.CreateAsync(app.Manager, PerUser, PerUser, "first-", recordClient);
        var before = await UsedWithoutAsync(first[0]);
        await SessionSeeder.CreateAsync(app.Manager, sessions, PerUser, "user-", recordClient);
        // One less of the first: against as many as there are it is nothing.
        return ((await UsedWithoutAsync(first[1]) - before) / (double)sessions, sessions);

        async Task<long> UsedWithoutAsync(IssuedSession issued)
        {
            await new SessionAdministration(app.Manager).RevokeAsync(issued.Session.Id);
            return await place.UsedBytesAsync();
        }
    }
}
