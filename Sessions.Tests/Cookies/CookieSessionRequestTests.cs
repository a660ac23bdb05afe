using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>What seshcookie's documents and tests say, where it is not said elsewhere here.</summary>
public sealed class CookieSessionRequestTests
{
    [Test]
    public async Task A_request_without_a_cookie_has_no_session_and_sets_none()
    {
        await using var app = await CookieApp.StartAsync();

        using var response = await app.Browser.SendAsync("GET", "/");

        Assert.That(await response.TextAsync(), Is.EqualTo("stranger"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(app.Rejected, Is.Empty);
    }

    [Test]
    public async Task What_is_set_is_there_with_the_next_request()
    {
        await using var app = await CookieApp.StartAsync();

        await app.Browser.SendAsync("POST", "/set/7");

        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 7"));
    }

    [Test]
    public async Task A_cookie_is_written_only_when_the_data_changed()
    {
        await using var app = await CookieApp.StartAsync();
        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/set/7"), Is.EqualTo(1));

        Assert.That(await app.Browser.CountSetCookiesAsync("GET", "/"), Is.Zero);
        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/set/7"), Is.Zero);
        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/set/8"), Is.EqualTo(1));
    }

    [Test]
    public async Task Clearing_takes_the_cookie_back_and_the_session_is_gone()
    {
        await using var app = await CookieApp.StartAsync();
        await app.Browser.SendAsync("POST", "/set/7");

        using var response = await app.Browser.SendAsync("POST", "/clear");

        Assert.That(response.ClearsCookie("__Host-visit"), Is.True);
        Assert.That(app.Browser.Cookies, Is.Empty);
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task Clearing_without_a_session_sets_no_cookie()
    {
        await using var app = await CookieApp.StartAsync();

        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/clear"), Is.Zero);
    }

    [Test]
    public async Task A_change_keeps_the_beginning_so_that_a_session_ends_when_it_was_to_end()
    {
        await using var app = await CookieApp.StartAsync(o =>
        {
            o.Encrypt(CookieApp.Key());
            o.Lifetime = TimeSpan.FromHours(24);
        });
        await app.Browser.SendAsync("POST", "/set/1");
        app.Clock.Advance(TimeSpan.FromHours(23));

        using var changed = await app.Browser.SendAsync("POST", "/set/2");
        var before = await app.Browser.GetAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(changed.SetCookies().Single().MaxAge, Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(before, Is.EqualTo("visit 2"));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task After_a_cookie_that_was_tampered_with_a_new_session_replaces_it()
    {
        await using var app = await CookieApp.StartAsync();
        app.Browser.Cookies["__Host-visit"] = "tampered";

        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("stranger"));
        Assert.That(await app.Browser.CountSetCookiesAsync("POST", "/set/1"), Is.EqualTo(1));
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 1"));
    }

    [Test]
    public void The_same_phrase_gives_the_same_key_everywhere_and_another_phrase_another()
    {
        const string phrase = "gravel lantern oboe thicket quartz mellow pup";
        var (here, there, other) = (CookieKey.FromPhrase(phrase), CookieKey.FromPhrase(phrase), CookieKey.FromPhrase($"{phrase}s"));

        Assert.That(
            here.Derive("purpose"),
            Is.EqualTo(there.Derive("purpose")).And.Not.EqualTo(other.Derive("purpose")).And.Length.EqualTo(32)
        );
        Assert.That(here.Id, Is.EqualTo(there.Id).And.Not.EqualTo(other.Id));
    }
}
