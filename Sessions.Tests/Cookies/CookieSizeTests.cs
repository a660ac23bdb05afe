using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

public sealed class CookieSizeTests
{
    private const int Limit = 4096;

    [Test]
    public async Task What_just_fits_is_sent_and_one_character_more_is_refused_before_anything_is_sent()
    {
        await using var app = await StartAsync();
        var length = await LargestAsync(app);
        await app.Browser.SendAsync("POST", "/clear");

        using var fits = await app.Browser.SendAsync("POST", $"/fill/{length}");
        using var tooLarge = await app.Browser.SendAsync("POST", $"/fill/{length + 1}");

        Assert.That(fits.Headers.GetValues("Set-Cookie").Single(), Has.Length.InRange(Limit - 3, Limit));
        Assert.That(tooLarge.SetCookies(), Is.Empty);
        Assert.That(await tooLarge.TextAsync(), Does.StartWith("The cookie session \"visit\" would take ").And.Contain("MaxChunks"));
        Assert.That(await app.Browser.GetAsync("/length"), Is.EqualTo($"{length}"), "the session is what it was");
    }

    [Test]
    public async Task In_several_cookies_there_is_room_for_more_and_each_is_small_enough()
    {
        await using var app = await StartAsync(chunks: 3);

        using var response = await app.Browser.SendAsync("POST", "/fill/8000");

        Assert.That(app.Browser.Cookies.Keys, Is.EqualTo(["__Host-visit", "__Host-visit.1", "__Host-visit.2"]));
        Assert.That(response.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Length), Is.All.LessThanOrEqualTo(Limit));
        Assert.That(await app.Browser.GetAsync("/length"), Is.EqualTo("8000"));
        using var tooLarge = await app.Browser.SendAsync("POST", "/fill/10000");
        Assert.That(await tooLarge.TextAsync(), Does.Contain($"and browsers keep {3 * Limit} at most"));
    }

    [Test]
    public async Task Cookies_that_are_no_longer_needed_are_taken_back()
    {
        await using var app = await StartAsync(chunks: 7);
        await app.Browser.SendAsync("POST", "/fill/19500");
        var many = app.Browser.Cookies.Count;

        using var fewer = await app.Browser.SendAsync("POST", "/fill/5000");
        var two = app.Browser.Cookies.Count;
        await app.Browser.SendAsync("POST", "/fill/5");

        Assert.That((many, two), Is.EqualTo((7, 2)));
        Assert.That(fewer.SetCookies().Count(cookie => cookie.MaxAge == TimeSpan.Zero), Is.EqualTo(5));
        Assert.That(app.Browser.Cookies.Keys, Is.EqualTo(["__Host-visit"]));
        Assert.That(await app.Browser.GetAsync("/length"), Is.EqualTo("5"));
    }

    [Test]
    public async Task Clearing_takes_all_of_them_back()
    {
        await using var app = await StartAsync(chunks: 3);
        await app.Browser.SendAsync("POST", "/fill/8000");

        await app.Browser.SendAsync("POST", "/clear");

        Assert.That(app.Browser.Cookies, Is.Empty);
    }

    [Test]
    public async Task A_session_of_which_one_cookie_is_missing_or_out_of_place_is_none()
    {
        await using var app = await StartAsync(chunks: 3);
        await app.Browser.SendAsync("POST", "/fill/8000");
        var (second, third) = (app.Browser.Cookies["__Host-visit.1"], app.Browser.Cookies["__Host-visit.2"]);

        app.Browser.Cookies.Remove("__Host-visit.1");
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"), "missing");
        (app.Browser.Cookies["__Host-visit.1"], app.Browser.Cookies["__Host-visit.2"]) = (third, second);
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"), "swapped");
        (app.Browser.Cookies["__Host-visit.1"], app.Browser.Cookies["__Host-visit.2"]) = (second, third);
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 0"), "as they were");

        Assert.That(
            app.Rejected.Select(rejected => rejected.Reason),
            Is.EqualTo(Enumerable.Repeat(CookieSessionRejection.NotAuthentic, 2))
        );
    }

    [Test]
    public async Task After_chunks_were_forbidden_those_that_are_out_are_still_read_and_then_taken_back()
    {
        var clock = new ManualTimeProvider();
        await using var before = await StartAsync(chunks: 3, clock);
        await using var after = await StartAsync(chunks: 1, clock);
        await before.Browser.SendAsync("POST", "/fill/8000");
        foreach (var (name, value) in before.Browser.Cookies)
        {
            after.Browser.Cookies[name] = value;
        }

        Assert.That(await after.Browser.GetAsync("/length"), Is.EqualTo("8000"));
        await after.Browser.SendAsync("POST", "/fill/5");
        Assert.That(after.Browser.Cookies.Keys, Is.EqualTo(["__Host-visit"]));
    }

    private static Task<CookieApp> StartAsync(int chunks = 1, ManualTimeProvider? clock = null) =>
        CookieApp.StartAsync(
            CookieApp.Protection("encrypted") + (o => o.MaxChunks = chunks),
            app =>
            {
                app.MapPost("/fill/{length:int}", Fill);
                app.MapGet("/length", (HttpContext http) => http.GetCookieSession<Visit>().Get()!.User!.Length);
            },
            clock: clock
        );

    private static string Fill(HttpContext http, int length)
    {
        try
        {
            http.GetCookieSession<Visit>().Set(new Visit(0, new string('x', length)));
            return "";
        }
        catch (CookieSessionTooLargeException e)
        {
            return e.Message;
        }
    }

    private static async Task<int> LargestAsync(CookieApp app)
    {
        var (fits, tooLarge) = (1000, Limit);
        while (tooLarge - fits > 1)
        {
            var middle = (fits + tooLarge) / 2;
            (fits, tooLarge) = await app.Browser.CountSetCookiesAsync("POST", $"/fill/{middle}") == 1 ? (middle, tooLarge) : (fits, middle);
        }

        return fits;
    }
}
