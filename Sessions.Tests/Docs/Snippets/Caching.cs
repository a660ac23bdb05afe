using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.Docs.Snippets;

internal static class Caching
{
    public static void Using(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddSessionUp().UseRedis("localhost").UseCache();

        // or, for an application whose people and machines are few and whose patience is short:
        builder.Services.AddSessionUp("admin").UseSqlite("Data Source=admin.db").UseCache(cache =>
        {
            cache.MaxSessions = 500;
            cache.MaxStaleness = TimeSpan.FromSeconds(5);
        });
        // end
    }

    public static void BypassCache(WebApplication app)
    {
        // snippet
        app.MapPost("/transfer", () => "sent").RequireSession(bypassCache: true);
        app.MapGet("/vault", [RequireSession(BypassCache = true)] () => "opened").RequireSession();
        // end
    }
}
