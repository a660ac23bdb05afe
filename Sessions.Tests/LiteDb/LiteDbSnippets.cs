using LiteDB;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.LiteDb;

internal static class LiteDbSnippets
{
    public static void Use(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddSessionUp().UseLiteDb("sessions.litedb");

        // or in the application's own database, which the application opens and disposes:
        builder.Services.AddSingleton(_ => new LiteDatabase("app.litedb"));
        builder.Services.AddSessionUp().UseLiteDb(services => services.GetRequiredService<LiteDatabase>());
        // end
    }
}
