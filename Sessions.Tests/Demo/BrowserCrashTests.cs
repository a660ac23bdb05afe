using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>
/// A real browser that crashes three seconds after it was given a new token. Chromium writes cookies to its disk up to half a minute late,
/// so it comes back with the one before. When within that time it writes is its own affair: after the crash the disk holds what it held
/// when the browser was closed before.
/// </summary>
[Parallelizable]
public sealed class BrowserCrashTests
{
    private static readonly TimeSpan UntilTheCrash = TimeSpan.FromSeconds(3);

    private Dictionary<string, byte[]> _cookiesOnDisk = [];
    private string _profile = null!;

    [SetUp]
    public void MakeProfile() => _profile = Directory.CreateTempSubdirectory("sessions-chromium-").FullName;

    [TearDown]
    public void RemoveProfile() => Directory.Delete(_profile, recursive: true);

    [Test]
    public async Task A_browser_that_never_showed_its_new_token_is_signed_in_and_given_it_again()
    {
        // The shortest grace, after which the token that was not delivered is given again.
        await using var demo = await DemoProcess.StartAsync([
            "--store",
            "memory",
            "--rotation-grace",
            "00:00:10",
            "--rotate-after",
            "00:02:01",
            "--reuse-window",
            "00:05:00",
        ]);
        await using var proxy = HttpProxy.Start(demo.Address);
        await using (var browser = await Chromium.StartAsync(_profile))
        {
            await browser.Tab.SignInAsync(proxy.Address, "ann");
            // A browser that is closed writes all its cookies.
            await browser.CloseAsync();
        }

        ReadDisk();

        string old;
        string next;
        await using (var browser = await Chromium.StartAsync(_profile))
        {
            await browser.Tab.OpenAsync(new Uri(proxy.Address, "/"));
            old = proxy.RequestsTo("/")[^1].Token!;
            Assert.That(await browser.Tab.FetchAsync("POST", "/api/rotate"), Is.EqualTo("204"));
            next = proxy.RequestsTo("/api/rotate")[^1].NewToken!;
            Assert.That(next, Is.Not.Null.And.Not.EqualTo(old));
            await Task.Delay(UntilTheCrash);
            await browser.KillAsync();
        }

        RestoreDisk();

        await using var restarted = await Chromium.StartAsync(_profile);
        var before = proxy.RequestsTo("/").Count;
        await restarted.Tab.OpenAsync(new Uri(proxy.Address, "/"));
        Assert.That(proxy.RequestsTo("/")[before].Token, Is.EqualTo(old), "The new cookie was not on the disk.");
        Assert.That(await restarted.Tab.TextAsync("h1"), Is.EqualTo("Hello, ann."));

        await Task.Delay(TimeSpan.FromSeconds(10) - UntilTheCrash);
        await restarted.Tab.OpenAsync(new Uri(proxy.Address, "/"));
        // On a slow machine the first of the two pages is late enough to bring it.
        Assert.That(proxy.RequestsTo("/").Skip(before).Select(page => page.NewToken).OfType<string>(), Is.EqualTo([next]));
        Assert.That(await restarted.Tab.FetchAsync("GET", "/api/me"), Is.EqualTo("200"));
        Assert.That(proxy.RequestsTo("/api/me")[^1].Token, Is.EqualTo(next));
        Assert.That(demo.Output, Has.None.Contains(DemoProcess.CopyAlarm));
    }

    [Test]
    public async Task A_browser_that_showed_its_new_token_once_is_signed_in_and_given_it_again()
    {
        var alarms = 0;
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.MapGet("/", () => Results.Text("<h1>in</h1>", "text/html")).RequireSession();
                app.MapGet("/public", () => Results.Text("<h1>out</h1>", "text/html"));
                app.MapPost("/login", (HttpContext http) => http.InitSessionAsync("ann", new SessionInit { IsPersistent = true }));
            },
            options: o =>
            {
                o.Lifetime = TimeSpan.FromDays(14);
                o.Events.OnCopyDetected += _ =>
                {
                    alarms++;
                    return ValueTask.CompletedTask;
                };
            },
            kestrel: true
        );
        await using var proxy = HttpProxy.Start(app.Address);
        await using (var browser = await Chromium.StartAsync(_profile))
        {
            await browser.Tab.OpenAsync(new Uri(proxy.Address, "/public"));
            Assert.That(await browser.Tab.FetchAsync("POST", "/login"), Is.EqualTo("200"));
            await browser.CloseAsync();
        }

        ReadDisk();

        app.Clock.Advance(TimeSpan.FromHours(1));
        await using (var browser = await Chromium.StartAsync(_profile))
        {
            await browser.Tab.OpenAsync(new Uri(proxy.Address, "/"));
            await browser.Tab.OpenAsync(new Uri(proxy.Address, "/"));
            app.Clock.Advance(UntilTheCrash);
            await Task.Delay(UntilTheCrash);
            await browser.KillAsync();
        }

        RestoreDisk();

        var (rotated, delivered) = (proxy.RequestsTo("/")[0], proxy.RequestsTo("/")[1]);
        Assert.That(delivered.Token, Is.EqualTo(rotated.NewToken).And.Not.Null);
        await using var restarted = await Chromium.StartAsync(_profile);
        await OpenAsync(restarted, proxy);
        Assert.That(proxy.RequestsTo("/")[^1].Token, Is.EqualTo(rotated.Token), "The new cookie was not on the disk.");

        app.Clock.Advance(TimeSpan.FromHours(1));
        await OpenAsync(restarted, proxy);
        Assert.That(proxy.RequestsTo("/")[^1].NewToken, Is.EqualTo(rotated.NewToken));
        await OpenAsync(restarted, proxy);
        Assert.That(proxy.RequestsTo("/")[^1].Token, Is.EqualTo(rotated.NewToken));
        // The old token has had its day: the browser goes on with the new one, confirms it and is given the next.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await OpenAsync(restarted, proxy);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await OpenAsync(restarted, proxy);
        Assert.That(proxy.RequestsTo("/")[^1].NewToken, Is.Not.Null.And.Not.EqualTo(rotated.NewToken));
        Assert.That(alarms, Is.Zero);
    }

    private IEnumerable<string> CookieFiles => Directory.EnumerateFiles(_profile, "Cookies*", SearchOption.AllDirectories);

    private void ReadDisk()
    {
        _cookiesOnDisk = CookieFiles.ToDictionary(static file => file, File.ReadAllBytes);
        Assert.That(_cookiesOnDisk, Is.Not.Empty);
    }

    private void RestoreDisk()
    {
        foreach (var file in CookieFiles.ToList())
        {
            File.Delete(file);
        }

        foreach (var (file, content) in _cookiesOnDisk)
        {
            File.WriteAllBytes(file, content);
        }
    }

    private static async Task OpenAsync(Chromium browser, HttpProxy proxy)
    {
        await browser.Tab.OpenAsync(new Uri(proxy.Address, "/"));
        Assert.That(await browser.Tab.TextAsync("h1"), Is.EqualTo("in"));
    }
}
