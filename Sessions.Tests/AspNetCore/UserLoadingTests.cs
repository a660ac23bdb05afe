using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class UserLoadingTests
{
    private int _loads;
    private Func<string, User?> _users = key => new User(key);

    [SetUp]
    public void Reset() => (_loads, _users) = (0, key => new User(key));

    [Test]
    public async Task The_user_is_loaded_once_a_request()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/twice", ann.Token), Is.EqualTo("ann ann"));
        Assert.That(_loads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_user_who_is_gone_has_no_session()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        _users = _ => null;

        using var required = await app.SendAsync("GET", "/required", ann.Token);

        Assert.That(required.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await app.GetAsync("/public", ann.Token), Is.EqualTo("UserUnknown"));
    }

    [Test]
    public async Task A_user_who_cannot_be_loaded_is_503_where_a_session_is_required_and_no_user_elsewhere()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        _users = _ => throw new InvalidOperationException("The directory at ldap-3 is down.");

        using var required = await app.SendAsync("GET", "/required", ann.Token);

        Assert.That(await required.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
        Assert.That(required.Header("Retry-After"), Is.Not.Null);
        Assert.That(required.SetCookies(), Is.Empty);
        Assert.That(await required.TextAsync(), Does.Not.Contain("ldap-3"));
        Assert.That(await app.GetAsync("/public", ann.Token), Is.EqualTo("UserUnavailable"));
    }

    [Test]
    public async Task A_user_who_was_changed_can_be_loaded_again()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/refresh", ann.Token), Is.EqualTo("ann anna anna"));
        Assert.That(_loads, Is.EqualTo(2));
    }

    [Test]
    public async Task A_sign_in_replaces_the_user_who_was_loaded_before()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/become-bob", ann.Token), Is.EqualTo("bob bob"));
    }

    [Test]
    public async Task Requests_without_a_user_load_no_user()
    {
        await using var app = await StartAsync();
        var visitor = await app.Manager.StartVisitorAsync();

        Assert.That(await app.GetAsync("/public"), Is.EqualTo("NoToken"));
        Assert.That(await app.GetAsync("/public", visitor.Token), Is.EqualTo("None"));
        Assert.That(_loads, Is.Zero);
    }

    private sealed record User(string Name);

    private Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseSessionUp();
                app.MapGet("/required", (HttpContext http) => http.GetSessionUser<User>()!.Name).RequireSession();
                app.MapGet("/twice", (HttpContext http) => $"{http.GetSessionUser<User>()!.Name} {http.GetSessionUser<User>()!.Name}")
                    .RequireSession();
                app.MapGet("/public", (HttpContext http) => http.GetSessionUser<User>()?.Name ?? http.GetSessionRejection().ToString())
                    .PublicSession();
                app.MapGet(
                        "/refresh",
                        async (HttpContext http) =>
                        {
                            var before = http.GetSessionUser<User>()!.Name;
                            _users = key => new User(key + "a");
                            var refreshed = await http.RefreshSessionUserAsync<User>();
                            return $"{before} {refreshed!.Name} {http.GetSessionUser<User>()!.Name}";
                        }
                    )
                    .RequireSession();
                app.MapGet(
                        "/become-bob",
                        async (HttpContext http) =>
                        {
                            await http.InitSessionAsync("bob");
                            var before = http.GetSessionUser<User>()!.Name;
                            await http.RefreshSessionUserAsync<User>();
                            return $"{before} {http.GetSessionUser<User>()!.Name}";
                        }
                    )
                    .RequireSession();
            },
            services: services =>
                services
                    .AddSessionUp()
                    .LoadUser<User>(
                        (session, _, _) =>
                        {
                            _loads++;
                            return new(_users(session.UserKey!));
                        }
                    )
        );
}
