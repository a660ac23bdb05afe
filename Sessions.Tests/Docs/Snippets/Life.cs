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
        builder.Services.AddSessionUp(o => o.Events.OnReuseDetected += async reuse =>
        {
            await mail.SendAsync(reuse.Session.UserKey, "Somebody else used your session. It was ended on all sides.");
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
