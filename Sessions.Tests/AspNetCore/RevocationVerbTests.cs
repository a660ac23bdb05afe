using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

[TestFixture(false)]
[TestFixture(true)]
public sealed class RevocationVerbTests(bool cached)
{
    [Test]
    public async Task Logout_ends_the_session_and_takes_the_cookie_back_in_the_same_response()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/revoke", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("True, then Revoked"));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task Ending_the_others_spares_this_one_and_its_cookie()
    {
        await using var app = await StartAsync();
        var (ann, _, _) = (await app.SignInAsync(), await app.SignInAsync(), await app.SignInAsync());
        await app.SignInAsync("eve");

        using var response = await app.SendAsync("POST", "/others", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("2, then None"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.EqualTo(ann.Session.Id));
        Assert.That(await app.Administration.FetchAllAsync("eve"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ending_all_includes_this_one_and_its_cookie()
    {
        await using var app = await StartAsync();
        var (ann, _) = (await app.SignInAsync(), await app.SignInAsync());
        await app.SignInAsync("eve");

        using var response = await app.SendAsync("POST", "/all", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("2, then Revoked"));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
        Assert.That(await app.Administration.FetchAllAsync("eve"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_session_of_ones_own_is_ended_by_its_id_and_the_cookie_stays()
    {
        await using var app = await StartAsync();
        var (ann, other) = (await app.SignInAsync(), await app.SignInAsync());

        using var response = await app.SendAsync("POST", $"/revoke/{other.Session.Id}", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("True, then None"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.EqualTo(ann.Session.Id));
    }

    [Test]
    public async Task The_own_id_means_logout()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", $"/revoke/{ann.Session.Id}", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("True, then Revoked"));
        Assert.That(response.ClearsCookie(), Is.True);
    }

    [Test]
    public async Task A_session_of_another_user_and_one_that_does_not_exist_are_answered_alike_and_do_not_change()
    {
        await using var app = await StartAsync();
        var (ann, eve) = (await app.SignInAsync(), await app.SignInAsync("eve"));

        using var foreign = await app.SendAsync("POST", $"/revoke/{ann.Session.Id}", eve.Token);
        using var unknown = await app.SendAsync("POST", $"/revoke/{SessionId.Create("eve")}", eve.Token);

        Assert.That(await foreign.TextAsync(), Is.EqualTo("False, then None").And.EqualTo(await unknown.TextAsync()));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [TestCase("/revoke", "False, then NoToken")]
    [TestCase("/revoke/AAAAAAAAAAAAAAAAAAAAAAAA", "False, then NoToken")]
    [TestCase("/others", ", then NoToken")]
    [TestCase("/all", ", then NoToken")]
    [TestCase("/list", "0, then NoToken")]
    [TestCase("/update", "Gone, then NoToken")]
    public async Task Without_a_session_nothing_is_done_and_it_says_so(string path, string said)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync("POST", path);

        Assert.That(await response.TextAsync(), Is.EqualTo(said));
        Assert.That(app.StoreCalls, Is.Zero);
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [TestCase("/revoke")]
    [TestCase("/all")]
    public async Task A_second_verb_after_the_session_was_ended_does_nothing(string path)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", path + "?again=true", ann.Token);

        Assert.That(await response.TextAsync(), Does.EndWith(", then Revoked, again False"));
    }

    [Test]
    public async Task Values_are_changed_and_the_session_of_the_request_has_them()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/update", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("Applied dark, then None"));
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Values["theme"], Is.EqualTo("dark"));
    }

    private Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            options: o => o.Cache = cached ? new() : null,
            map: app =>
            {
                var group = app.MapGroup("").PublicSession();
                group.MapPost(
                    "/revoke",
                    async (HttpContext http, bool again = false) => await WriteResult(http, await http.RevokeSessionAsync(), again)
                );
                group.MapPost(
                    "/revoke/{id}",
                    async (HttpContext http, SessionId id) => await WriteResult(http, await http.RevokeSessionAsync(id))
                );
                group.MapPost("/others", async (HttpContext http) => await WriteResult(http, await http.RevokeOtherSessionsAsync()));
                group.MapPost(
                    "/all",
                    async (HttpContext http, bool again = false) => await WriteResult(http, await http.RevokeAllSessionsAsync(), again)
                );
                group.MapPost("/list", async (HttpContext http) => await WriteResult(http, (await http.FetchAllSessionsAsync()).Count));
                group.MapPost(
                    "/update",
                    async (HttpContext http) =>
                    {
                        var update = await http.UpdateSessionValuesAsync(ValuesPatch.Empty.Set("theme", "dark"));
                        await WriteResult(
                            http,
                            update.Outcome == SessionUpdateOutcome.Applied
                                ? $"Applied {http.GetSession()!.Values["theme"]}"
                                : update.Outcome
                        );
                    }
                );
            }
        );

    private static async Task WriteResult(HttpContext http, object? result, bool again = false)
    {
        var after = http.GetSessionRejection();
        var second = again ? $", again {await http.RevokeSessionAsync()}" : "";
        await http.Response.WriteAsync($"{result}, then {after}{second}");
    }
}
