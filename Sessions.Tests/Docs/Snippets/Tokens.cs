using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.Docs.Snippets;

internal static class Tokens
{
    public static async Task<string?> ResettingAsync(Resets resets, string userId, DateTimeOffset expiresAt, string text, Action<string> mail)
    {
        // snippet
        var token = RandomToken.Create(); // 32 bytes
        await resets.SaveAsync(SHA256.HashData(token), userId, expiresAt);
        mail($"https://example.com/reset#{RandomToken.Encode(token)}");

        // later, with what the browser sends back in a body:
        var user = RandomToken.TryDecode(text, out var shown) ? await resets.TakeAsync(SHA256.HashData(shown)) : null;
        // end
        return user;
    }

    public static void Cookies(WebApplication app)
    {
        // snippet
        var cookie = new TokenCookie();

        app.UseTokenUser(cookie, async (token, services, ct) =>
            await services.GetRequiredService<Logins>().FindUserAsync(SHA256.HashData(token), ct));

        app.MapPost("/login", async (HttpContext http, Logins logins) =>
        {
            // ... check the password or the passkey, then:
            await logins.SaveAsync(SHA256.HashData(cookie.Issue(http)), "ann");
        });
        app.MapPost("/logout", async (HttpContext http, Logins logins) =>
        {
            if (cookie.Read(http) is { } token)
            {
                await logins.DeleteAsync(SHA256.HashData(token));
                cookie.Delete(http);
            }
        });
        app.MapGet("/", (HttpContext http) => http.GetTokenUser<User>()?.Name ?? "stranger");
        // end
    }

    public static (string, string, string, DateTimeOffset) Ids()
    {
        // snippet
        var order = RandomId.Create();      // 22 letters and digits, 130 bits
        var coupon = RandomId.Create(8);

        var ids = new SortableIdGenerator();        // one for the life of the process
        var message = ids.Create();         // 01M81RN37QGY8HYJ70MX0S1BXF
        SortableIdGenerator.TryGetTime(message, out var createdAt);
        // end
        return (order, coupon, message, createdAt);
    }

    internal sealed record User(string Name);

    internal abstract class Resets
    {
        public abstract Task SaveAsync(byte[] hash, string userId, DateTimeOffset expiresAt);

        public abstract Task<string?> TakeAsync(byte[] hash);
    }

    internal abstract class Logins
    {
        public abstract Task SaveAsync(byte[] hash, string userId);

        public abstract Task DeleteAsync(byte[] hash);

        public abstract ValueTask<User?> FindUserAsync(byte[] hash, CancellationToken cancellationToken);
    }
}
