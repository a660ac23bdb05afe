using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>What was made for one client, in each of the three modules, whatever the rest of the application says to caches.</summary>
public sealed class ResponseGuardTests
{
    [Test]
    public async Task A_page_of_one_client_is_not_served_to_a_stranger_by_the_response_cache(
        [Values("/session", "/cookie", "/token")] string page,
        [Values("endpoint", "callback", "held", "buffer", "after", "after-held")] string publisher
    )
    {
        await using var app = await GuardedApp.StartAsync(publisher, app => app.UseResponseCaching());
        var cookie = await BeginAsync(app, page);

        using var own = await app.SendAsync("GET", page, null, ("Cookie", cookie));
        using var stranger = await app.SendAsync("GET", page);

        Assert.That(own.Header("X-User"), Is.EqualTo("ann"));
        Assert.That(stranger.Header("X-User"), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task A_page_of_one_client_is_not_served_to_a_stranger_by_an_output_cache_that_stores_everything(
        [Values("/session", "/cookie", "/token", "/session-empty", "/cookie-empty", "/token-empty")] string page
    )
    {
        await using var app = await GuardedApp.StartAsync("endpoint", app => app.UseOutputCache());
        var cookie = await BeginAsync(app, page);

        using var own = await app.SendAsync("GET", page, null, ("Cookie", cookie));
        using var stranger = await app.SendAsync("GET", page);

        Assert.That(own.Header("X-User"), Is.EqualTo("ann"));
        Assert.That(stranger.Header("X-User"), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task A_shared_cache_is_told_nothing_but_no_store(
        [Values("/session", "/cookie", "/token")] string page,
        [Values("endpoint", "callback", "held")] string publisher
    )
    {
        await using var app = await GuardedApp.StartAsync(publisher);
        var cookie = await BeginAsync(app, page);

        using var own = await app.SendAsync("GET", page, null, ("Cookie", cookie));

        Assert.That(ReadCacheHeaders(own), Is.EqualTo("Cache-Control: no-store"));
    }

    [Test]
    public async Task A_response_with_a_token_is_never_kept(
        [Values("/session", "/cookie", "/token")] string page,
        [Values("endpoint", "callback", "held")] string publisher
    )
    {
        await using var app = await GuardedApp.StartAsync(publisher);

        using var begun = await app.SendAsync("POST", page);

        Assert.That(begun.SetCookies(), Has.Count.EqualTo(1));
        Assert.That(ReadCacheHeaders(begun), Is.EqualTo("Cache-Control: no-store"));
    }

    [Test]
    public async Task The_browser_may_keep_what_the_endpoint_calls_private(
        [Values("/session", "/cookie", "/token")] string page,
        [Values("max-age=60, private", "must-revalidate, max-age=5, private")] string said
    )
    {
        await using var app = await GuardedApp.StartAsync("endpoint", said: said);
        var cookie = await BeginAsync(app, page);

        using var own = await app.SendAsync("GET", page, null, ("Cookie", cookie));

        Assert.That(own.Header("Cache-Control"), Is.EqualTo(said));
        Assert.That(own.Header("Vary"), Is.EqualTo("Cookie"));
        Assert.That(own.Header("Surrogate-Control"), Is.Null, "A cache at the edge would take this for its own word.");
    }

    [TestCase("private=\"Set-Cookie\", max-age=60")]
    [TestCase("private, s-maxage=60")]
    [TestCase("private, public, max-age=60")]
    [TestCase("no-store, public, s-maxage=60")]
    [TestCase("max-age=60, \"")]
    public async Task What_is_private_by_half_is_not_kept(string said)
    {
        await using var app = await GuardedApp.StartAsync("endpoint", said: said);
        var cookie = await BeginAsync(app, "/session");

        using var own = await app.SendAsync("GET", "/session", null, ("Cookie", cookie));

        Assert.That(own.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task A_page_without_a_session_is_told_apart_by_the_cookie([Values("/session", "/cookie", "/token")] string page)
    {
        await using var app = await GuardedApp.StartAsync("endpoint", app => app.UseResponseCaching());
        var cookie = await BeginAsync(app, page);

        using var stranger = await app.SendAsync("GET", page);
        using var own = await app.SendAsync("GET", page, null, ("Cookie", cookie));

        Assert.That((stranger.Header("Cache-Control"), stranger.Header("Vary")), Is.EqualTo((GuardedApp.Public, "Cookie")));
        Assert.That(own.Header("X-User"), Is.EqualTo("ann"));
    }

    private static async Task<string> BeginAsync(SessionApp app, string page)
    {
        using var begun = await app.SendAsync("POST", page.Replace("-empty", "", StringComparison.Ordinal));
        var cookie = begun.SetCookies().Single();
        return $"{cookie.Name}={cookie.Value}";
    }

    private static string ReadCacheHeaders(HttpResponseMessage response) =>
        string.Join(
            ", ",
            response
                .Headers.Concat(response.Content.Headers)
                .Where(static header =>
                    header.Key.Contains("Control", StringComparison.OrdinalIgnoreCase)
                    || header.Key.Contains("Expires", StringComparison.OrdinalIgnoreCase)
                )
                .Select(static header => $"{header.Key}: {string.Join(", ", header.Value)}")
        );
}
