using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sessions.Tests.Docs.Snippets;

internal static class Http
{
    public static void Cookie(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddSessionUp().UseMemory().ConfigureHttp(h =>
        {
            h.UseCookieScope(domain: "example.com");
            h.ClearOnSignOut = ClearedSiteData.Cache | ClearedSiteData.Storage;
            if (builder.Environment.IsDevelopment())
            {
                h.UseDevelopmentCookie();
            }
        });
        // end
    }

    public static void Filters(WebApplication app)
    {
        // snippet
        var reports = app.MapGroup("/reports").RequireSession();
        reports.MapGet("/", (HttpContext http) => $"for {http.GetSession()!.UserKey}");
        reports.MapGet("/sample", () => "for everybody").PublicSession();
        // end
    }

    public static void MapSessions(WebApplication app)
    {
        // snippet
        app.MapPost("/password-reset", async (PasswordReset reset, SessionAdministration sessions) =>
        {
            // ... check the reset code and store the new password, then:
            var ended = await sessions.RevokeAllAsync(reset.UserId);
            return $"Signed out on {ended} devices.";
        });
        // end
    }

    public static void Answering(WebApplication app)
    {
        var me = app.MapGroup("/me").RequireSession();
        // snippet
        me.MapGet("/devices", (HttpContext http) => http.FetchAllSessionsAsync());
        me.MapPost("/logout", async (HttpContext http) =>
        {
            await http.RevokeSessionAsync();
        });
        // end
    }

    public static void Tickets(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddAuthentication().AddCookie();
        builder.Services.AddSessionUp().UseMemory().AddTicketStore();
        // end
    }

    public static void LongRequest(WebApplication app)
    {
        // snippet
        app.MapGet(
                "/events",
                async (HttpContext http) =>
                {
                    using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, http.SessionRevoked());
                    await SendEventsAsync(http, end.Token);
                }
            )
            .RequireSession();
        // end
    }

    private static Task SendEventsAsync(HttpContext http, CancellationToken end) => http.Response.WriteAsync("data: hello\n\n", end);

    private sealed class LongRequestHub : Hub
    {
        // snippet
        public override Task OnConnectedAsync()
        {
            Context.SessionRevoked().UnsafeRegister(static connection => ((HubCallerContext)connection!).Abort(), Context);
            return base.OnConnectedAsync();
        }
        // end
    }

    private sealed record PasswordReset(string UserId);
}
