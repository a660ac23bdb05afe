using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <content>Requests of other kinds: long ones, prefetches, those of bearers.</content>
public sealed partial class RotationTests
{
    [Test]
    public async Task A_long_poll_that_begins_with_the_old_cookie_and_is_answered_after_the_new_one_was_confirmed_sets_no_cookie()
    {
        var (begun, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await StartAsync(app =>
            app.MapGet(
                    "/poll",
                    async () =>
                    {
                        begun.SetResult();
                        await answer.Task;
                        return "news";
                    }
                )
                .RequireSession()
        );
        var (old, next) = await RotateAsync(app);
        var poll = app.SendAsync("GET", "/poll", old);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await ConfirmAsync(app, next);
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        answer.SetResult();

        using var response = await poll;

        Assert.That(await response.TextAsync(), Is.EqualTo("news"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await app.GetAsync("/", next), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_prefetch_is_no_use_of_the_session()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);

        using var response = await app.SendAsync("GET", "/", ann.Token, ("Sec-Purpose", "prefetch;prerender"));

        Assert.That(await response.TextAsync(), Is.EqualTo("in"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().LastSeenAt, Is.EqualTo(ann.Session.LastSeenAt));
    }

    [Test]
    public async Task A_value_set_with_the_old_cookie_brings_nothing_of_what_a_proof_allowed_the_new_one()
    {
        await using var app = await StartAsync(app =>
        {
            app.MapPost("/prove", async (HttpContext http) => await http.ReauthenticateAsync() is not null).RequireSession();
            app.MapPost(
                    "/set",
                    async (HttpContext http) =>
                    {
                        await http.UpdateSessionValuesAsync(ValuesPatch.Empty.Set("cart", "tea"));
                        return $"{http.GetSession()!.AuthenticatedAt:O} {http.GetSession()!.Values["cart"]}";
                    }
                )
                .RequireSession();
        });
        var ann = await app.SignInAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var proof = await app.SendAsync("POST", "/prove", ann.Token);

        using var response = await app.SendAsync("POST", "/set", ann.Token);

        Assert.That(proof.Token(), Is.Not.EqualTo(ann.Token));
        Assert.That(await response.TextAsync(), Is.EqualTo($"{ann.Session.AuthenticatedAt:O} tea"));
    }

    [Test]
    public async Task A_bearer_token_rotates_only_by_the_call_that_returns_the_new_one()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Clock.Advance(RotateAfter);

        using var usual = await Bearer("GET", "/", ann.Token.Reveal());
        using var rotated = await Bearer("POST", "/rotate", ann.Token.Reveal());
        using var next = await Bearer("GET", "/", await rotated.TextAsync());

        Assert.That(usual.SetCookies(), Is.Empty);
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Credential.RotatedAt, Is.EqualTo(app.Clock.UtcNow));
        Assert.That(rotated.SetCookies(), Is.Empty);
        Assert.That(rotated.Header("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(await next.TextAsync(), Is.EqualTo("in"));

        Task<HttpResponseMessage> Bearer(string method, string path, string token) =>
            app.SendAsync(method, path, null, ("Authorization", $"Bearer {token}"));
    }
}
