using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>What the documents of dghubble/sessions say: values by key, several sessions, cookies for production and development.</summary>
public sealed class CookieSessionTests
{
    [Test]
    public async Task A_user_signs_in_is_recognized_and_signs_out()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapPost("/login", (HttpContext http) => http.GetCookieSession().Set("user-id", "a1b2c3"));
            app.MapGet("/me", (HttpContext http) => http.GetCookieSession().TryGet("user-id", out string? id) ? id : "missing user-id");
            app.MapPost("/logout", (HttpContext http) => http.GetCookieSession().Clear());
        });
        Assert.That(await app.Browser.GetAsync("/me"), Is.EqualTo("missing user-id"));

        await app.Browser.SendAsync("POST", "/login");
        Assert.That(await app.Browser.GetAsync("/me"), Is.EqualTo("a1b2c3"));

        await app.Browser.SendAsync("POST", "/logout");
        Assert.That(await app.Browser.GetAsync("/me"), Is.EqualTo("missing user-id"));
    }

    [Test]
    public async Task Values_have_types_of_their_own_and_absence_differs_from_a_default()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapPost(
                "/fill",
                (HttpContext http) =>
                {
                    var session = http.GetCookieSession();
                    session.Set("text", "täxt \"quoted\"");
                    session.Set("zero", 0);
                    session.Set("visit", new Visit(3, "ann"));
                    session.Set("gone", 1);
                    return session.Remove("gone") && !session.Remove("gone");
                }
            );
            app.MapGet(
                "/tell",
                (HttpContext http) =>
                {
                    var session = http.GetCookieSession();
                    var zero = session.TryGet("zero", out int value);
                    var gone = session.TryGet("gone", out int? other);
                    return $"{session.Get<string>("text")} {zero} {value} {gone} {other is null} {session.Get<Visit>("visit")} {session.Values.Count}";
                }
            );
        });

        using var filled = await app.Browser.SendAsync("POST", "/fill");

        Assert.That(await filled.TextAsync(), Is.EqualTo("true"));
        Assert.That(filled.SetCookies(), Has.Count.EqualTo(1), "one cookie, however often something was set");
        Assert.That(await app.Browser.GetAsync("/tell"), Is.EqualTo("täxt \"quoted\" True 0 False True Visit { Count = 3, User = ann } 3"));
    }

    [Test]
    public async Task Sessions_of_several_names_and_types_live_side_by_side()
    {
        await using var app = await StartAsync(
            app =>
                app.MapPost(
                    "/both",
                    (HttpContext http) =>
                    {
                        http.GetCookieSession().Set("user-id", "a1b2c3");
                        http.GetCookieSession<Visit>("visit").Set(new Visit(1));
                        http.GetCookieSession<Visit>("other").Set(new Visit(2));
                        return $"{http.GetCookieSession<Visit>("visit").Get()!.Count} {http.GetCookieSession<Visit>("other").Get()!.Count}";
                    }
                ),
            services => services.AddCookieSessions<Visit>("other", o => o.Encrypt(CookieApp.Key()))
        );

        using var response = await app.Browser.SendAsync("POST", "/both");

        Assert.That(await response.TextAsync(), Is.EqualTo("1 2"));
        Assert.That(app.Browser.Cookies.Keys, Is.EqualTo(["__Host-my-app", "__Host-other", "__Host-visit"]));
    }

    [Test]
    public async Task The_cookie_is_made_for_production()
    {
        await using var app = await CookieApp.StartAsync();

        using var response = await app.Browser.SendAsync("POST", "/set/1");

        Assert.That(
            Attributes(response),
            Is.EqualTo($"__Host-visit; expires={app.Clock.UtcNow.AddDays(7):R}; max-age=604800; path=/; secure; samesite=lax; httponly"),
            "a week, as there"
        );
    }

    [Test]
    public async Task For_development_it_is_not_secure()
    {
        await using var app = await CookieApp.StartAsync(o =>
        {
            o.Encrypt(CookieApp.Key());
            o.UseDevelopmentCookie();
        });

        using var response = await app.Browser.SendAsync("POST", "/set/1");

        Assert.That(
            Attributes(response),
            Is.EqualTo($"visit; expires={app.Clock.UtcNow.AddDays(7):R}; max-age=604800; path=/; samesite=lax; httponly")
        );
    }

    [Test]
    public async Task A_session_that_is_not_persistent_ends_with_the_browser()
    {
        await using var app = await CookieApp.StartAsync(o =>
        {
            o.Encrypt(CookieApp.Key());
            o.IsPersistent = false;
        });

        using var response = await app.Browser.SendAsync("POST", "/set/1");

        Assert.That(Attributes(response), Is.EqualTo("__Host-visit; path=/; secure; samesite=lax; httponly"));
    }

    private static Task<CookieApp> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? services = null) =>
        CookieApp.StartAsync(
            map: map,
            services: added =>
            {
                added.AddCookieSessions("my-app", o => o.Encrypt(CookieApp.Key()));
                services?.Invoke(added);
            }
        );

    private static string Attributes(HttpResponseMessage response)
    {
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        return $"{cookie[..cookie.IndexOf('=', StringComparison.Ordinal)]}{cookie[cookie.IndexOf(';', StringComparison.Ordinal)..]}";
    }
}
