using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>When and how the cookie goes out, on a real server.</summary>
public sealed class CookieWritingTests
{
    private static IEnumerable<TestCaseData<RequestDelegate>> Endings()
    {
        yield return Ending("no body", static _ => Task.CompletedTask);
        yield return Ending(
            "status 204",
            static http =>
            {
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }
        );
        yield return Ending("flush", static http => http.Response.Body.FlushAsync());
        yield return Ending("start", static http => http.Response.StartAsync());
        yield return Ending(
            "stream",
            static async http =>
            {
                await http.Response.WriteAsync("first");
                await http.Response.Body.FlushAsync();
                await http.Response.WriteAsync("second");
            }
        );
        yield return Ending(
            "redirect",
            static http =>
            {
                http.Response.Redirect("/");
                return Task.CompletedTask;
            }
        );
    }

    [TestCaseSource(nameof(Endings))]
    public async Task The_cookie_is_sent_however_the_response_begins(RequestDelegate end)
    {
        await using var app = await CookieApp.StartAsync(
            map: app =>
                app.MapPost(
                    "/",
                    http =>
                    {
                        http.GetCookieSession<Visit>().Set(new Visit(5));
                        http.Response.Headers.CacheControl = "public, max-age=60";
                        return end(http);
                    }
                ),
            kestrel: true
        );

        using var response = await app.Browser.SendAsync("POST", "/");

        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 5"));
    }

    [Test]
    public async Task Of_several_changes_the_last_is_sent_and_only_that()
    {
        await using var app = await CookieApp.StartAsync(map: app =>
            app.MapPost(
                "/",
                (HttpContext http) =>
                {
                    http.GetCookieSession<Visit>().Set(new Visit(1));
                    http.GetCookieSession<Visit>().Clear();
                    http.GetCookieSession<Visit>().Set(new Visit(2));
                }
            )
        );

        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/"), Is.EqualTo(1));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 2"));
    }

    [Test]
    public async Task What_Get_returned_changes_nothing_until_it_is_set()
    {
        await using var app = await CookieApp.StartAsync(
            services: services => services.AddCookieSessions<List<int>>("list", o => o.Encrypt(CookieApp.Key())),
            map: app =>
            {
                app.MapPost("/list", (HttpContext http) => http.GetCookieSession<List<int>>().Set([1]));
                app.MapPost("/mutate", (HttpContext http) => http.GetCookieSession<List<int>>().Get()!.Add(2));
                app.MapPost(
                    "/keep",
                    (HttpContext http) =>
                    {
                        var list = http.GetCookieSession<List<int>>().Get()!;
                        list.Add(2);
                        http.GetCookieSession<List<int>>().Set(list);
                    }
                );
            }
        );
        await app.Browser.SendAsync("POST", "/list");

        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/mutate"), Is.Zero);
        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/keep"), Is.EqualTo(1), "the same object, and other data");
    }

    [TestCase("set")]
    [TestCase("clear")]
    public async Task To_change_a_session_after_the_response_has_started_is_an_error_that_says_so(string change)
    {
        Exception? thrown = null;
        await using var app = await CookieApp.StartAsync(
            map: app =>
                app.MapPost(
                    "/",
                    async http =>
                    {
                        await http.Response.WriteAsync("too late");
                        await http.Response.Body.FlushAsync();
                        var session = http.GetCookieSession<Visit>();
                        thrown = Assert.Catch(() => (change == "set" ? () => session.Set(new Visit(1)) : (Action)session.Clear)());
                    }
                ),
            kestrel: true
        );

        using var response = await app.Browser.SendAsync("POST", "/");
        await response.TextAsync();

        Assert.That(thrown, Is.TypeOf<InvalidOperationException>().With.Message.Contains("The response has started"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [TestCase("set")]
    [TestCase("clear")]
    public async Task To_change_a_session_after_its_cookie_was_written_is_an_error_although_the_headers_are_still_open(string change)
    {
        Exception? thrown = null;
        await using var app = await CookieApp.StartAsync(
            map: app =>
                app.MapPost(
                    "/",
                    (HttpContext http) =>
                    {
                        CookieSession<Visit>? session = null;
                        // Callbacks run last to first, so this one comes after that of the session.
                        http.Response.OnStarting(() =>
                        {
                            thrown = Assert.Catch(() => (change == "set" ? () => session!.Set(new Visit(2)) : (Action)session!.Clear)());
                            return Task.CompletedTask;
                        });
                        session = http.GetCookieSession<Visit>();
                        session.Set(new Visit(1));
                    }
                ),
            kestrel: true
        );

        await app.Browser.SendAsync("POST", "/");

        Assert.That(thrown, Is.TypeOf<InvalidOperationException>().With.Message.Contains("The response has started"));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 1"));
    }

    [Test]
    public async Task The_cookie_survives_the_error_page_of_what_failed_after_it()
    {
        await using var app = await CookieApp.StartAsync(
            map: app =>
            {
                app.UseExceptionHandler(handler => handler.Run(http => http.Response.WriteAsync("sorry")));
                app.MapPost(
                    "/",
                    (HttpContext http) =>
                    {
                        http.GetCookieSession<Visit>().Set(new Visit(6));
                        throw new InvalidOperationException("afterwards");
                    }
                );
            },
            kestrel: true
        );

        using var response = await app.Browser.SendAsync("POST", "/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 6"));
    }

    [Test]
    public async Task Taking_the_cookie_back_restates_all_its_attributes()
    {
        await using var app = await CookieApp.StartAsync(o =>
        {
            o.Encrypt(CookieApp.Key());
            o.Cookie.Domain = "example.com";
            o.Cookie.Path = "/shop";
            o.Cookie.SameSite = SameSiteMode.None;
            o.Cookie.Extensions.Add("Partitioned");
        });
        using var set = await app.Browser.SendAsync("POST", "/set/1");

        using var cleared = await app.Browser.SendAsync("POST", "/clear");

        Assert.That(cleared.ClearsCookie("__Secure-visit"), Is.True);
        Assert.That(cleared.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(Attributes(cleared), Is.EqualTo(Attributes(set)));
        Assert.That(
            Attributes(cleared),
            Is.SupersetOf((string[])["domain=example.com", "path=/shop", "secure", "samesite=none", "Partitioned"])
        );
    }

    private static TestCaseData<RequestDelegate> Ending(string name, RequestDelegate end) => new(end) { TestName = $"Sent with {name}" };

    private static IEnumerable<string> Attributes(HttpResponseMessage response) =>
        response
            .Headers.GetValues("Set-Cookie")
            .Single()
            .Split("; ")
            .Skip(1)
            .Where(part => !part.StartsWith("expires", StringComparison.Ordinal) && !part.StartsWith("max-age", StringComparison.Ordinal));
}
