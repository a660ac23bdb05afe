namespace Sessions.LoadTest.Contenders;

/// <summary>ASP.NET Core's own <c>AddSession</c>, with its defaults, on the caches that it comes with.</summary>
internal static class AspNetSessionContenders
{
    private const string User = "user";

    public static IEnumerable<Contender> All =>
        [
            Create(
                "session-memory",
                "AddSession, memory cache",
                Database.None,
                static (services, _) => services.AddDistributedMemoryCache()
            ),
            Create(
                "session-redis",
                "AddSession, Microsoft's Redis cache",
                Database.Redis,
                static (services, connection) => services.AddStackExchangeRedisCache(cache => cache.Configuration = connection)
            ),
        ];

    private static Contender Create(string name, string title, Database database, Action<IServiceCollection, string> addCache) =>
        new(
            name,
            title,
            database,
            (site, connection) =>
            {
                addCache(site.Services, connection);
                site.Services.AddSession();
            },
            Map
        );

    private static void Map(WebApplication app)
    {
        app.UseSession();
        app.MapGet(
            "/",
            (RequestDelegate)(
                static async context =>
                {
                    // Without it the session would be loaded synchronously.
                    await context.Session.LoadAsync();
                    await (
                        context.Session.TryGetValue(User, out _)
                            ? ContenderResponse.AnswerAsync(context)
                            : ContenderResponse.RefuseAsync(context)
                    );
                }
            )
        );
        app.MapGet(
            "/login/{user}",
            (RequestDelegate)(
                static async context =>
                {
                    await context.Session.LoadAsync();
                    context.Session.SetString(User, ContenderResponse.UserOf(context));
                    await ContenderResponse.AnswerAsync(context);
                }
            )
        );
    }
}
