using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Sessions.Tests.Demo;

/// <content>The life of a session, as far as it can be seen without waiting: the clock is the real one here.</content>
public sealed partial class DemoTests
{
    [Test]
    public async Task The_page_can_show_the_time_left_and_reading_it_does_not_extend_the_session()
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory", "--idle", "00:15:00", "--lifetime", "10:00:00");
        using var browser = new DemoClient();
        await browser.LogInAsync(demo, _ann);

        var first = await ReadTimeLeftAsync(browser, demo);
        var second = await ReadTimeLeftAsync(browser, demo);

        Assert.That((long)first["expiresInSeconds"]!, Is.InRange(14 * 60, 15 * 60));
        Assert.That((long)first["endsInSeconds"]!, Is.InRange(9 * 60 * 60, 10 * 60 * 60));
        Assert.That((string)second["expiresAt"]!, Is.EqualTo((string)first["expiresAt"]!));
    }

    [Test]
    public async Task The_devices_page_counts_down_with_a_script_of_its_own_and_allows_no_other()
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory", "--idle", "00:15:00");
        using var browser = new DemoClient();
        await browser.LogInAsync(demo, _ann);

        using var page = await browser.SendAsync(demo, HttpMethod.Get, "/devices");
        using var script = await browser.SendAsync(demo, HttpMethod.Get, "/countdown.js");

        Assert.That(
            await page.Content.ReadAsStringAsync(),
            Does.Match("This session ends in <b role=\"timer\">1[45] minutes</b> unless you use it").And.Contains("src=\"/countdown.js\"")
        );
        Assert.That(
            page.Headers.GetValues("Content-Security-Policy").Single(),
            Does.Contain("default-src 'none'; script-src 'self'; connect-src 'self';").And.Not.Contain("unsafe")
        );
        Assert.That(script.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/javascript"));
        Assert.That(await script.Content.ReadAsStringAsync(), Does.Contain("\"/api/sessions/current\""));
    }

    [TestCaseSource(nameof(Stores))]
    public async Task The_first_device_shows_a_sign_in_elsewhere_until_it_is_acknowledged(string store)
    {
        const string notice = "Signed in elsewhere";
        await using var demo = await StartAsync(store);
        using var laptop = new DemoClient();
        using var phone = new DemoClient();
        await laptop.LogInAsync(demo, _ann);
        Assert.That(await PageAsync(laptop, demo, "/devices"), Does.Not.Contain(notice));

        await phone.LogInAsync(demo, _ann);

        Assert.That(await PageAsync(laptop, demo, "/devices"), Does.Contain(notice));
        Assert.That(await PageAsync(laptop, demo, "/"), Does.Contain(notice));
        Assert.That(await PageAsync(phone, demo, "/devices"), Does.Not.Contain(notice));
        await laptop.SendAsync(demo, HttpMethod.Post, "/devices/acknowledge");
        Assert.That(await PageAsync(laptop, demo, "/devices"), Does.Not.Contain(notice));
    }

    [TestCaseSource(nameof(Stores))]
    public async Task A_lost_response_with_a_new_secret_signs_no_user_out(string store)
    {
        await using var demo = await StartAsync(store);
        using var browser = new DemoClient();
        await browser.LogInAsync(demo, _ann);
        var old = browser.Cookie;

        await browser.SendAsync(demo, HttpMethod.Post, "/api/rotate");
        var lost = browser.Cookie;
        browser.Cookie = old;

        Assert.That(lost, Is.Not.EqualTo(old).And.Not.Null);
        Assert.That(await browser.StatusAsync(demo, HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await browser.StatusAsync(demo, HttpMethod.Get, "/devices"), Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<JsonNode> ReadTimeLeftAsync(DemoClient client, DemoProcess demo)
    {
        using var response = await client.SendAsync(demo, HttpMethod.Get, "/api/sessions/current");
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task<string> PageAsync(DemoClient client, DemoProcess demo, string path)
    {
        using var response = await client.SendAsync(demo, HttpMethod.Get, path);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }
}
