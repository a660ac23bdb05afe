using System.Net;
using NUnit.Framework;

namespace Sessions.Tests.Demo;

/// <content>The cart, which the browser keeps itself.</content>
public sealed partial class DemoTests
{
    private const string Phrase = "gravel lantern oboe thicket quartz mellow pup";

    [Test]
    public async Task A_cart_in_a_cookie_survives_a_restart_of_a_server_without_state()
    {
        using var stranger = new DemoClient();
        await using (var demo = await DemoProcess.StartAsync("--store", "memory"))
        {
            Assert.That(await PageAsync(stranger, demo, "/cart"), Does.Contain("0 things"));
            await stranger.SendAsync(demo, HttpMethod.Post, "/cart/2");
            await stranger.SendAsync(demo, HttpMethod.Post, "/cart/2");
            await demo.KillAsync();
        }

        await using var again = await DemoProcess.StartAsync("--store", "memory");

        Assert.That(
            await PageAsync(stranger, again, "/cart"),
            Does.Contain("2 things").And.Contains("Coffee <span class=\"mark\">2</span>")
        );
        await stranger.SendAsync(again, HttpMethod.Post, "/cart/2/less");
        Assert.That(await PageAsync(stranger, again, "/cart"), Does.Contain("1 thing."));
        await stranger.SendAsync(again, HttpMethod.Post, "/cart/empty");
        Assert.That(stranger.Cookie, Is.Null);
    }

    [Test]
    public async Task Two_processes_that_share_a_phrase_share_carts_and_one_with_another_phrase_does_not()
    {
        await using var first = await DemoProcess.StartAsync("--store", "memory", "--phrase", Phrase);
        await using var second = await DemoProcess.StartAsync("--store", "memory", "--phrase", Phrase);
        await using var foreign = await DemoProcess.StartAsync("--store", "memory", "--phrase", $"{Phrase} x");
        using var stranger = new DemoClient();
        await stranger.SendAsync(first, HttpMethod.Post, "/cart/0");

        await stranger.SendAsync(second, HttpMethod.Post, "/cart/0");
        await stranger.SendAsync(first, HttpMethod.Post, "/cart/0");

        Assert.That(await PageAsync(stranger, second, "/cart"), Does.Contain("3 things"));
        Assert.That(await PageAsync(stranger, foreign, "/cart"), Does.Contain("0 things"));
        Assert.That(await PageAsync(stranger, first, "/cart"), Does.Contain("3 things"), "whoever could not read it left it alone");
    }

    [Test]
    public async Task A_foreign_page_cannot_fill_a_cart_and_what_is_not_sold_cannot_be_in_it()
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory", "--phrase", Phrase);
        using var stranger = new DemoClient();

        using var foreign = await stranger.SendAsync(demo, HttpMethod.Post, "/cart/0", null, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await stranger.StatusAsync(demo, HttpMethod.Post, "/cart/5"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await stranger.StatusAsync(demo, HttpMethod.Post, "/cart/-1"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(stranger.Cookie, Is.Null);
    }
}
