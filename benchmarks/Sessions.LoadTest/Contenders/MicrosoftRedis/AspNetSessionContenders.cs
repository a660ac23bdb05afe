namespace Sessions.LoadTest.Contenders;

internal static partial class AspNetSessionContenders
{
    static partial void AddMicrosoftRedis(List<Contender> caches) =>
        caches.Add(
            On(
                "session-redis",
                "AddSession, Microsoft's Redis cache",
                Database.Redis,
                static (services, connection) => services.AddStackExchangeRedisCache(cache => cache.Configuration = connection)
            )
        );
}
