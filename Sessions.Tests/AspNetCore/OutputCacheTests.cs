using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class OutputCacheTests
{
    [TestCase("/after")]
    [TestCase("/before")]
    [TestCase("/group")]
    [TestCase("/attribute")]
    [TestCase("/base-policy")]
    public async Task One_users_response_is_never_served_to_another_or_without_a_session(string path)
    {
        await using var app = await StartAsync();
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        Assert.That(await app.GetAsync(path, ann.Token), Does.StartWith("ann "));
        Assert.That(await app.GetAsync(path, bob.Token), Does.StartWith("bob "));
        using var stranger = await app.SendAsync("GET", path);
        Assert.That((int)stranger.StatusCode, Is.EqualTo(401));
        Assert.That(await app.GetAsync(path, ann.Token), Is.EqualTo("ann 3"), "nor is the own one");
    }

    [Test]
    public async Task The_cache_works_where_no_session_is_read()
    {
        await using var app = await StartAsync();

        var first = await app.GetAsync("/none");

        Assert.That(await app.GetAsync("/none"), Is.EqualTo(first));
    }

    [Test]
    public async Task On_a_public_endpoint_requests_without_a_session_share_the_cache_and_sessions_bypass_it()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        var before = await app.GetAsync("/public", ann.Token);
        var stranger = await app.GetAsync("/public");
        var again = await app.GetAsync("/public");
        var after = await app.GetAsync("/public", ann.Token);

        Assert.That((before, stranger, again, after), Is.EqualTo(("ann 1", "stranger 2", "stranger 2", "ann 3")));
    }

    [Test]
    public async Task A_public_page_that_begins_a_session_is_not_kept()
    {
        await using var app = await StartAsync();

        using var first = await app.SendAsync("GET", "/begin");
        using var second = await app.SendAsync("GET", "/begin");

        Assert.That(second.Token(), Is.Not.EqualTo(first.Token()));
    }

    [Test]
    public async Task An_endpoint_without_a_filter_that_begins_a_session_is_not_kept()
    {
        await using var app = await StartAsync();

        using var first = await app.SendAsync("GET", "/begin-unfiltered");
        using var second = await app.SendAsync("GET", "/begin-unfiltered");

        Assert.That(second.Token(), Is.Not.EqualTo(first.Token()));
    }

    [Test]
    public async Task A_public_endpoint_with_the_attribute_is_not_cached()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/public-attribute"), Is.EqualTo("stranger 1"));
        Assert.That(await app.GetAsync("/public-attribute", ann.Token), Is.EqualTo("ann 2"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_request_with_a_dead_token_bypasses_the_cache(bool malformed)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        await app.Administration.RevokeAsync(ann.Session.Id);
        await app.GetAsync("/public");

        using var response = await app.SendAsync(
            "GET",
            "/public",
            malformed ? null : ann.Token,
            malformed ? ("Cookie", "__Host-sid=x") : ("X-None", "")
        );

        Assert.That(await response.TextAsync(), Is.EqualTo("stranger 2"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task Requests_with_sessions_do_not_wait_for_each_other()
    {
        var both = new CountdownEvent(2);
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseOutputCache();
                app.MapGet(
                        "/",
                        [OutputCache(Duration = 60)]
                        () =>
                        {
                            both.Signal();
                            return both.Wait(TimeSpan.FromSeconds(30));
                        }
                    )
                    .RequireSession();
            },
            services: services => services.AddOutputCache()
        );
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        var answers = await Task.WhenAll(Task.Run(() => app.GetAsync("/", ann.Token)), Task.Run(() => app.GetAsync("/", bob.Token)));

        Assert.That(answers, Is.All.EqualTo("true"));
    }

    private static Task<SessionApp> StartAsync()
    {
        var runs = 0;
        string Say(HttpContext http) => $"{http.GetSession()?.UserKey ?? "stranger"} {++runs}";
        return SessionApp.StartAsync(
            app =>
            {
                app.UseOutputCache();
                app.MapGet("/none", () => ++runs).CacheOutput();
                app.MapGet("/after", Say).CacheOutput().RequireSession();
                app.MapGet("/before", Say).RequireSession().CacheOutput();
                app.MapGroup("/group").CacheOutput().MapGet("", Say).RequireSession();
                app.MapGet("/attribute", [OutputCache(Duration = 60)] (HttpContext http) => Say(http)).RequireSession();
                app.MapGet("/base-policy", Say).RequireSession();
                app.MapGet("/public", Say).PublicSession().CacheOutput();
                app.MapGet("/public-attribute", [OutputCache(Duration = 60)] (HttpContext http) => Say(http)).PublicSession();
                app.MapGet(
                        "/begin",
                        async (HttpContext http) => await http.Response.WriteAsync((await http.InitSessionAsync("eve")).UserKey!)
                    )
                    .PublicSession()
                    .CacheOutput();
                app.MapGet(
                        "/begin-unfiltered",
                        async (HttpContext http) => await http.Response.WriteAsync((await http.InitSessionAsync("eve")).UserKey!)
                    )
                    .CacheOutput();
            },
            services: services => services.AddOutputCache(cache => cache.AddBasePolicy(policy => policy.Expire(TimeSpan.FromMinutes(5))))
        );
    }
}
