namespace Sessions.Demo;

/// <summary>Where the sessions are kept: one row a store.</summary>
internal sealed record DemoStore(string Name, string? DefaultConnection, Action<SessionUpBuilder, string> UseConnection)
{
    public const string Default = "sqlite";

    private static readonly DemoStore[] All =
    [
        new("memory", "", static (sessions, _) => sessions.UseMemory()),
        new(
            "sqlite",
            $"Data Source={Path.Combine(AppContext.BaseDirectory, "sessions.db")}",
            static (sessions, connection) => sessions.UseSqlite(connection)
        ),
        new("redis", "localhost:6379", static (sessions, connection) => sessions.UseRedis(connection)),
        new("postgres", null, static (sessions, connection) => sessions.UsePostgres(connection)),
        new(
            "litedb",
            Path.Combine(AppContext.BaseDirectory, "sessions.litedb"),
            static (sessions, connection) => sessions.UseLiteDb(connection)
        ),
    ];

    public static DemoStore Get(string name) =>
        All.FirstOrDefault(store => store.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new DemoOptionsException($"Unknown store {name}. Known are {string.Join(", ", All.Select(store => store.Name))}.");

    public void Use(SessionUpBuilder sessions, string? connection) =>
        UseConnection(
            sessions,
            connection ?? DefaultConnection ?? throw new DemoOptionsException($"The store {Name} needs a connection string: --connection.")
        );
}
