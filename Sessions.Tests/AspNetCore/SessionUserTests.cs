using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>The user of an admitted session is the user of the request, where nothing else authenticates.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class SessionUserTests(bool isEarly)
{
    [TestCase("/required", "ann")]
    [TestCase("/public", "ann")]
    public async Task An_endpoint_finds_the_user(string path, string name)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync(path, ann.Token), Is.EqualTo(name));
        Assert.That(await app.GetAsync("/public"), Is.EqualTo("nobody"));
    }

    [Test]
    public async Task An_application_that_authenticates_otherwise_decides_alone_who_its_users_are()
    {
        await using var app = await StartAsync(services =>
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie()
        );
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/required", ann.Token), Is.EqualTo("nobody"));
    }

    [Test]
    public async Task A_token_for_forms_of_a_public_page_is_accepted_by_a_required_one_for_the_same_user()
    {
        await using var app = await StartAsync();
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));
        var (cookie, token) = await ReadFormAsync(app, "/form", ann.Token);

        Assert.That(await PostAsync(app, ann.Token, cookie, token), Is.EqualTo(200));
        Assert.That(await PostAsync(app, bob.Token, cookie, token), Is.EqualTo(400), "It is another user's.");
    }

    [Test]
    public async Task After_a_sign_in_a_page_has_to_make_a_new_token_for_forms()
    {
        await using var app = await StartAsync();
        var (cookie, before) = await ReadFormAsync(app, "/form", null);
        var ann = await app.SignInAsync();

        Assert.That(await PostAsync(app, ann.Token, cookie, before), Is.EqualTo(400), "It is a stranger's.");
        var (next, after) = await ReadFormAsync(app, "/form", ann.Token);
        Assert.That(await PostAsync(app, ann.Token, next, after), Is.EqualTo(200));
    }

    private static async Task<(string Cookie, string Token)> ReadFormAsync(SessionApp app, string path, SessionToken? session)
    {
        using var response = await app.SendAsync("GET", path, session);
        var cookie = response
            .SetCookies()
            .Single(static cookie => cookie.Name.ToString().StartsWith(".AspNetCore", StringComparison.Ordinal));
        return ($"{cookie.Name}={cookie.Value}", await response.TextAsync());
    }

    private static async Task<int> PostAsync(SessionApp app, SessionToken session, string cookie, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/send")
        {
            Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("text", "hello")]),
        };
        request.Headers.Add("Cookie", $"{SessionHttpOptions.DefaultCookieName}={session.Reveal()}; {cookie}");
        using var response = await app.Client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private Task<SessionApp> StartAsync(Action<IServiceCollection>? more = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseRouting();
                if (isEarly)
                {
                    app.UseSessionUp();
                }

                app.UseAntiforgery();
                app.MapGet("/required", (ClaimsPrincipal user) => user.Identity?.Name ?? "nobody").RequireSession();
                app.MapGet("/public", (ClaimsPrincipal user) => user.Identity?.Name ?? "nobody").PublicSession();
                app.MapGet("/form", (HttpContext http, IAntiforgery forms) => forms.GetAndStoreTokens(http).RequestToken).PublicSession();
                app.MapPost("/send", ([FromForm] string text) => text).RequireSession();
            },
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services.AddAntiforgery();
                more?.Invoke(services);
            }
        );
}
