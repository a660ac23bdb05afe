using NUnit.Framework;

namespace Sessions.Tests.Demo;

/// <summary>A real browser and its own idea of cookies.</summary>
public sealed class CartBrowserTests
{
    [Test]
    public async Task A_browser_keeps_its_cart_over_restarts_of_the_server_and_of_itself()
    {
        var profile = Directory.CreateTempSubdirectory("sessions-chromium-").FullName;
        try
        {
            await using (var chromium = await Chromium.StartAsync(profile))
            {
                await using var demo = await DemoProcess.StartAsync("--store", "memory");
                await chromium.OpenAsync(new Uri(demo.Address, "/"));
                await chromium.ClickAsync("a[href='/cart']");
                Assert.That(await chromium.TextAsync(".mark"), Is.Empty);
                await chromium.ClickAsync("#add-1");
                await chromium.ClickAsync("#add-1");

                Assert.That(await chromium.TextAsync(".mark"), Is.EqualTo("2"));
                Assert.That(await chromium.EvaluateAsync("document.cookie"), Is.Empty, "no script sees the cookie");

                await demo.KillAsync();
                // On another port, which is nothing to cookies.
                await using var again = await DemoProcess.StartAsync("--store", "memory");
                await chromium.OpenAsync(new Uri(again.Address, "/cart"));
                await chromium.ClickAsync("#add-1");
                Assert.That(await chromium.TextAsync(".mark"), Is.EqualTo("3"), "another process knows the cart");
                await chromium.CloseAsync();
            }

            await using var third = await DemoProcess.StartAsync("--store", "memory");
            await using var reopened = await Chromium.StartAsync(profile);
            await reopened.OpenAsync(new Uri(third.Address, "/cart"));

            Assert.That(await reopened.TextAsync(".mark"), Is.EqualTo("3"));
            await reopened.ClickAsync("form[action='/cart/empty'] button");
            Assert.That(await reopened.TextAsync(".mark"), Is.Empty);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
