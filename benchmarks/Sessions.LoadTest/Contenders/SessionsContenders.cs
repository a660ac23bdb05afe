namespace Sessions.LoadTest.Contenders;

/// <summary>This library on each of its stores, with its defaults and no option on that validates; plain, and with a cache.</summary>
internal static class SessionsContenders
{
    private static readonly Store Redis = new(
        "redis",
        "Redis",
        Database.Redis,
        static (sessions, connection) => sessions.UseRedis(connection)
    );

    private static readonly Store[] Stores =
    [
        new("memory", "Memory", Database.None, static (sessions, _) => sessions.UseMemory()),
        Redis,
        new("postgres", "Postgres", Database.Postgres, static (sessions, connection) => sessions.UsePostgres(connection)),
        new("sqlite", "SQLite", Database.File, static (sessions, _) => sessions.UseSqlite("Data Source=sessions.db")),
        new("litedb", "LiteDB", Database.File, static (sessions, _) => sessions.UseLiteDb("sessions.litedb")),
    ];

    public static IEnumerable<Contender> All =>
        Stores.SelectMany(static store => new[] { Plain(store), Cached(store) }).Append(Revoked(Redis));

    public static bool IsOurs(Contender contender) => contender.Map == Map;

    /// <summary>Whether it has a cache before its store.</summary>
    public static bool IsCached(Contender contender) => contender.Name.Contains("-cache", StringComparison.Ordinal);

    private static Contender Plain(Store store) =>
        new(store.Name, store.Title, store.Database, (site, connection) => store.Use(site.Services.AddSessionUp(), connection), Map);

    private static Contender Cached(Store store) =>
        new(
            $"{store.Name}-cache",
            $"{store.Title}, UseCache",
            store.Database,
            (site, connection) => store.Use(site.Services.AddSessionUp(), connection).UseCache(),
            Map
        );

    private static Contender Revoked(Store store) =>
        Cached(store) with
        {
            Name = $"{store.Name}-cache-revoked",
            Title = $"{store.Title}, UseCache, 50 revocations a second",
            IsRevokedMeanwhile = true,
        };

    private static void Map(WebApplication app)
    {
        app.MapGet("/", (RequestDelegate)ContenderResponse.AnswerAsync).RequireSession();
        app.MapGet(
            "/login/{user}",
            (RequestDelegate)(
                static async context =>
                {
                    await context.InitSessionAsync(ContenderResponse.UserOf(context));
                    await ContenderResponse.AnswerAsync(context);
                }
            )
        );
    }

    private sealed record Store(string Name, string Title, Database Database, Func<SessionUpBuilder, string, SessionUpBuilder> Use);
}
