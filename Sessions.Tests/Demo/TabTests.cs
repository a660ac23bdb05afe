using System.Net;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>Two tabs of one real browser, which have one cookie, on the demo.</summary>
[Parallelizable]
public sealed class TabTests
{
    private string _profile = null!;
    private DemoProcess _demo = null!;
    private HttpProxy _proxy = null!;
    private Chromium _browser = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _profile = Directory.CreateTempSubdirectory("sessions-chromium-").FullName;
        _demo = await DemoProcess.StartAsync("--store", "memory");
        _proxy = HttpProxy.Start(_demo.Address);
        _browser = await Chromium.StartAsync(_profile);
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
            await _demo.DisposeAsync();
        }

        Directory.Delete(_profile, recursive: true);
    }

    [Test]
    public async Task After_a_sign_out_in_one_tab_the_other_is_led_to_the_login_page_and_signs_in_for_both()
    {
        var (first, second) = (_browser.Tab, await _browser.OpenTabAsync());
        await first.SignInAsync(_proxy.Address, "ann");
        await second.OpenAsync(Address("/"));
        Assert.That(await second.TextAsync("h1"), Is.EqualTo("Hello, ann."));
        var led = first.NextPageAsync();

        await second.ClickAsync("form[action='/logout'] button");
        // The page of the devices learns of it by itself.
        await led;

        Assert.That(await second.TextAsync("h1"), Is.EqualTo("Hello, stranger."));
        Assert.That(await first.TextAsync("h1"), Is.EqualTo("Sign in"));
        Assert.That(_proxy.RequestsTo("/")[^1].Token, Is.Null, "The cookie was taken back.");
        await first.TypeAsync("#name", "bob");
        await first.ClickAsync("main button");
        await second.OpenAsync(Address("/"));
        Assert.That(await second.TextAsync("h1"), Is.EqualTo("Hello, bob."));
    }

    [Test]
    public async Task A_new_token_that_arrives_after_a_sign_out_in_another_tab_opens_nothing()
    {
        var (first, second) = (_browser.Tab, await _browser.OpenTabAsync());
        await first.SignInAsync(_proxy.Address, "ann");
        await first.OpenAsync(Address("/"));
        await second.OpenAsync(Address("/"));
        var hold = _proxy.HoldNext("POST", "/api/rotate");
        var rotation = first.FetchAsync("POST", "/api/rotate");
        await hold.Arrived;

        await second.ClickAsync("form[action='/logout'] button");
        hold.Release();

        Assert.That(await rotation, Is.EqualTo("204"));
        Assert.That(await second.FetchAsync("GET", "/api/me"), Is.EqualTo("401"));
        Assert.That(_proxy.RequestsTo("/api/me")[^1].Token, Is.EqualTo(_proxy.RequestsTo("/api/rotate")[^1].NewToken).And.Not.Null);
        await second.SignInAsync(_proxy.Address, "ann");
        Assert.That(await first.FetchAsync("GET", "/api/me"), Is.EqualTo("200"));
        Assert.That(_demo.Output, Has.None.Contains(DemoProcess.CopyAlarm));
    }

    [TestCase("/")]
    [TestCase("/devices")]
    [TestCase("/api/me")]
    public async Task A_slow_page_with_a_dead_cookie_leaves_the_cookie_of_a_sign_in_in_another_tab_alone(string page)
    {
        var (first, second) = (_browser.Tab, await _browser.OpenTabAsync());
        await first.SignInAsync(_proxy.Address, "ann");
        await first.OpenAsync(Address("/"));
        await SignOutFromAnotherDeviceAsync();
        var hold = _proxy.HoldNext("GET", page);
        var loading = first.OpenAsync(Address(page));
        await hold.Arrived;
        var slow = _proxy.RequestsTo(page)[^1];

        await second.SignInAsync(_proxy.Address, "ann");
        hold.Release();
        await loading;

        Assert.That(slow.Token, Is.Not.Null, "It showed the dead cookie.");
        Assert.That(slow.SetCookies, Is.Empty);
        Assert.That(await second.FetchAsync("GET", "/api/me"), Is.EqualTo("200"));
        await first.OpenAsync(Address("/devices"));
        Assert.That(await first.TextAsync("h1"), Is.EqualTo("Your devices"));
    }

    private async Task SignOutFromAnotherDeviceAsync()
    {
        using var phone = new DemoClient();
        await phone.LogInAsync(_demo, "ann");
        Assert.That(await phone.StatusAsync(_demo, HttpMethod.Post, "/devices/others/revoke"), Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(await phone.ListAsync(_demo), Has.Count.EqualTo(1));
    }

    private Uri Address(string path) => new(_proxy.Address, path);
}
