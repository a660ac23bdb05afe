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
                await chromium.Tab.OpenAsync(new Uri(demo.Address, "/"));
                await chromium.Tab.ClickAsync("a[href='/cart']");
                Assert.That(await chromium.Tab.TextAsync(".mark"), Is.Empty);
                await chromium.Tab.ClickAsync("#add-1");
                await chromium.Tab.ClickAsync("#add-1");

                Assert.That(await chromium.Tab.TextAsync(".mark"), Is.EqualTo("2"));
                Assert.That(await chromium.Tab.EvaluateAsync("document.cookie"), Is.Empty, "no script sees the cookie");

                await demo.KillAsync();
                // On another port, which is nothing to cookies.
                await using var again = await DemoProcess.StartAsync("--store", "memory");
                await chromium.Tab.OpenAsync(new Uri(again.Address, "/cart"));
                await chromium.Tab.ClickAsync("#add-1");
                Assert.That(await chromium.Tab.TextAsync(".mark"), Is.EqualTo("3"), "another process knows the cart");
                await chromium.CloseAsync();
            }

            await using var third = await DemoProcess.StartAsync("--store", "memory");
            await using var reopened = await Chromium.StartAsync(profile);
            await reopened.Tab.OpenAsync(new Uri(third.Address, "/cart"));

            Assert.That(await reopened.Tab.TextAsync(".mark"), Is.EqualTo("3"));
            await reopened.Tab.ClickAsync("form[action='/cart/empty'] button");
            Assert.That(await reopened.Tab.TextAsync(".mark"), Is.Empty);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
