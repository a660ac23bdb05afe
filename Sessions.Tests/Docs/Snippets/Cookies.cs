using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sessions.Tests.Docs.Snippets;

internal static partial class Cookies
{
    public static void Using(WebApplicationBuilder builder, WebApplication app)
    {
        // snippet
        builder.Services.AddCookieSessions<Cart>("cart");

        app.MapGet("/cart", (HttpContext http) => http.GetCookieSession<Cart>().Get() ?? Cart.Empty);
        app.MapPost("/cart/{item}", (HttpContext http, string item) =>
        {
            var session = http.GetCookieSession<Cart>();
            session.Set((session.Get() ?? Cart.Empty).With(item));
        });
        app.MapPost("/cart/empty", (HttpContext http) => http.GetCookieSession<Cart>().Clear());
        // end
    }

    public static void UseKey(WebApplicationBuilder builder, HttpContext http)
    {
        // snippet
        builder.Services.AddCookieSessions("look");

        // ... and in a request:
        var look = http.GetCookieSession();
        look.Set("theme", "dark");
        if (look.TryGet("columns", out int columns))
        {
            look.Set("columns", columns + 1);
        }
        // end
    }

    public static void Protecting(WebApplicationBuilder builder)
    {
        // snippet
        var configuration = builder.Configuration;
        builder.Services.AddCookieSessions<Cart>(
            "cart",
            o => o.Encrypt(CookieKey.FromPhrase(configuration["Cart:Phrase"]), CookieKey.FromPhrase(configuration["Cart:OldPhrase"]))
        );
        builder.Services.AddCookieSessions<Look>("look", o =>
        {
            o.Sign(CookieKey.FromPhrase(configuration["Look:Phrase"]));
            o.Cookie.HttpOnly = false;
        });
        // end
    }

    public static void Setting(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddCookieSessions("cart", ShopJson.Default.Cart, o =>
        {
            o.Lifetime = TimeSpan.FromDays(90);
            o.IdleTimeout = TimeSpan.FromDays(14);
            o.MaxChunks = 2;
            if (builder.Environment.IsDevelopment())
            {
                o.UseDevelopmentCookie();
            }
        });
        // end
    }

    internal sealed record Cart(string[] Items)
    {
        public static Cart Empty { get; } = new([]);

        public Cart With(string item) => new([.. Items, item]);
    }

    internal sealed record Look(string Theme);

    [JsonSerializable(typeof(Cart))]
    internal sealed partial class ShopJson : JsonSerializerContext;
}
