using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.Docs.Snippets;

internal static class Life
{
    public static void Reauthenticate(WebApplication app)
    {
        // snippet
        app.MapPost("/transfer", () => "sent").RequireSession(maxAge: TimeSpan.FromMinutes(5));
        app.MapPost("/prove-again", async (HttpContext http) =>
        {
            // ... check the one-time code, then:
            await http.ReauthenticateAsync("otp");
        }).RequireSession();
        // end
    }

    public static void VisitorSession(WebApplication app)
    {
        // snippet
        var shop = app.MapGroup("/shop").PublicSession();
        shop.MapPost("/basket/{item}", (HttpContext http, string item) => http.SetSessionValueAsync("basket", item));
        shop.MapPost("/login", async (HttpContext http, Login login) =>
        {
            // ... check the password or the passkey, then:
            await http.InitSessionAsync(login.UserId);
        });
        shop.MapPost("/logout", (HttpContext http) => http.LogOutSessionAsync(keepValues: true));
        // end
    }

    public static void VerbsTogether(WebApplication app)
    {
        // snippet
        app.MapPost("/preferences", async (HttpContext http) =>
        {
            await Task.WhenAll(
                http.SetSessionValueAsync("theme", "dark").AsTask(),
                http.SetSessionValueAsync("columns", 3).AsTask());
        }).PublicSession();
        // end
    }

    public static void Lifetimes(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddSessionUp(o =>
        {
            o.Lifetime = TimeSpan.FromDays(14);
            o.IdleTimeout = TimeSpan.FromHours(2);
            o.MaxLifetime = TimeSpan.FromDays(90);
        });
        // end
    }

    public static void Limit(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddSessionUp(o => o.LimitFor = context => context.Session.UserKey is "kiosk" ? null : context.Default);
        // end
    }

    public static async Task<string?> TakeValueAsync(HttpContext http)
    {
        // snippet
        await http.SetSessionValueAsync("notice", "Your message was sent.");
        var notice = await http.TakeSessionValueAsync<string>("notice");
        // end
        return notice;
    }

    public static void Events(WebApplicationBuilder builder, Mail mail)
    {
        // snippet
        builder.Services.AddSessionUp(o => o.Events.OnCopyDetected += async copy =>
        {
            await mail.SendAsync(copy.Session.UserKey, "An old copy of your session was used. The session was ended.");
        });
        // end
    }

    private sealed record Login(string UserId);

    internal sealed class Mail
    {
        private readonly List<(string? To, string Text)> _sent = [];

        public Task SendAsync(string? to, string text)
        {
            _sent.Add((to, text));
            return Task.CompletedTask;
        }
    }
}
