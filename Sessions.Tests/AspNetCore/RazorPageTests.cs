using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class RazorPageTests
{
    [Test]
    public async Task An_attribute_on_a_page_model_is_enforced_without_a_convention()
    {
        await using var app = await StartAsync(app => app.MapRazorPages());
        var ann = await app.SignInAsync();

        using var stranger = await app.SendAsync("GET", "/Devices");

        Assert.That((int)stranger.StatusCode, Is.EqualTo(401));
        Assert.That(await app.GetAsync("/Devices", ann.Token), Is.EqualTo("hello ann"));
    }

    [Test]
    public async Task A_convention_holds_for_every_page()
    {
        await using var app = await StartAsync(app => app.MapRazorPages().RequireSession());
        var ann = await app.SignInAsync();

        using var stranger = await app.SendAsync("GET", "/Open");

        Assert.That((int)stranger.StatusCode, Is.EqualTo(401));
        Assert.That(await app.GetAsync("/Open", ann.Token), Is.EqualTo("hello ann"));
    }

    [Test]
    public async Task An_attribute_beats_the_convention()
    {
        await using var app = await StartAsync(app => app.MapRazorPages().PublicSession());

        using var devices = await app.SendAsync("GET", "/Devices");

        Assert.That((int)devices.StatusCode, Is.EqualTo(401));
        Assert.That(await app.GetAsync("/Open"), Is.EqualTo("hello stranger"));
    }

    [Test]
    public async Task A_page_is_never_served_to_another_from_the_output_cache()
    {
        await using var app = await StartAsync(app =>
        {
            app.UseOutputCache();
            app.MapRazorPages().PublicSession().CacheOutput();
        });
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        var answers = new[] { await app.GetAsync("/Open", ann.Token), await app.GetAsync("/Open"), await app.GetAsync("/Open", bob.Token) };

        Assert.That(string.Join(", ", answers), Is.EqualTo("hello ann, hello stranger, hello bob"));
    }

    private static Task<SessionApp> StartAsync(Action<WebApplication> map) =>
        SessionApp.StartAsync(
            map,
            services: services =>
            {
                services.AddOutputCache();
                services.AddPages(typeof(DevicesPage), typeof(OpenPage));
            }
        );
}
