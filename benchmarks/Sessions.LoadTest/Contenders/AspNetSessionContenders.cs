namespace Sessions.LoadTest.Contenders;

/// <summary>ASP.NET Core's own <c>AddSession</c>, with its defaults, on the caches that it comes with.</summary>
internal static partial class AspNetSessionContenders
{
    private const string User = "user";

    public static IEnumerable<Contender> All
    {
        get
        {
            var caches = new List<Contender>
            {
                On(
                    "session-memory",
                    "AddSession, memory cache",
                    Database.None,
                    static (services, _) => services.AddDistributedMemoryCache()
                ),
            };
            AddMicrosoftRedis(caches);
            return caches;
        }
    }

    // Written in MicrosoftRedis/, which is left out where the package feed lacks its driver.
    static partial void AddMicrosoftRedis(List<Contender> caches);

    private static Contender On(string name, string title, Database database, Action<IServiceCollection, string> addCache) =>
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
                    await (context.Session.TryGetValue(User, out _) ? Hello.AnswerAsync(context) : Hello.RefuseAsync(context));
                }
            )
        );
        app.MapGet(
            "/login/{user}",
            (RequestDelegate)(
                static async context =>
                {
                    await context.Session.LoadAsync();
                    context.Session.SetString(User, Hello.UserOf(context));
                    await Hello.AnswerAsync(context);
                }
            )
        );
    }
}
