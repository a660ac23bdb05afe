using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.Docs.Snippets;

internal static class Readme
{
    public static void Run(string[] args)
    {
        // snippet
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSessionUp(o => o.Lifetime = TimeSpan.FromDays(14)).UseSqlite("Data Source=sessions.db");

        var app = builder.Build();
        app.MapPost("/login", async (Login login, HttpContext http) =>
        {
            // ... check the password or the passkey, then:
            await http.InitSessionAsync(login.UserId, new SessionInit { IsPersistent = login.Remember });
        });

        var me = app.MapGroup("/me").RequireSession();
        me.MapGet("/devices", (HttpContext http) => http.FetchAllSessionsAsync());
        me.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync());
        me.MapPost("/logout-others", (HttpContext http) => http.RevokeOtherSessionsAsync());

        app.MapGet("/", (HttpContext http) => http.GetSession()?.UserKey ?? "stranger").PublicSession();
        app.Run();
        // end
    }

    private sealed record Login(string UserId, bool Remember);
}
