using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>
/// What the benchmarks measure. Static, since BenchmarkDotNet makes the benchmarks itself: the stores are there once for all of them, each
/// with 10,000 sessions of 1,000 users and 1,000 of one user.
/// </summary>
internal static class MicroFixture
{
    public const string Cached = ", UseCache";

    private const int Users = 1_000;
    private const int PerUser = 10;

    private static readonly List<BenchmarkStore> s_places = [];
    private static readonly Dictionary<string, MicroSubject> s_subjects = [];

    /// <summary>The stores that can be had here.</summary>
    public static IEnumerable<string> Stores => s_subjects.Keys.Where(static name => !name.EndsWith(Cached, StringComparison.Ordinal));

    /// <summary>The same, and some with a cache in front.</summary>
    public static IEnumerable<string> StoresAndCaches => s_subjects.Keys;

    /// <summary>Null where there is no Redis.</summary>
    public static RedisBenchmarkStore? Redis => s_places.OfType<RedisBenchmarkStore>().SingleOrDefault();

    public static MicroSubject Subject(string store) => s_subjects[store];

    public static async Task SetUpAsync()
    {
        foreach (var kind in StoreKind.All)
        {
            if (await kind.OpenAsync() is not { } place)
            {
                continue;
            }

            s_places.Add(place);
            var app = await BenchApp.StartAsync(place);
            var sessions = await SessionSeeder.CreateAsync(app.Manager, Users * PerUser, PerUser);
            var crowd = await SessionSeeder.CreateAsync(app.Manager, 1_000, 1_000, "crowd-");
            var subject = new MicroSubject(
                app,
                SessionSeeder.Shuffled(sessions.Select(static issued => issued.Token)),
                sessions[0].Session,
                crowd[0].Session
            );
            s_subjects.Add(kind.Name, subject);
            if (kind == StoreKind.Redis || kind == StoreKind.Postgres)
            {
                s_subjects.Add(kind.Name + Cached, subject with { App = await BenchApp.StartAsync(place, cache: true) });
            }
        }
    }

    public static async Task TearDownAsync()
    {
        foreach (var subject in s_subjects.Values)
        {
            await subject.App.DisposeAsync();
        }

        foreach (var place in s_places)
        {
            await place.DisposeAsync();
        }
    }
}
