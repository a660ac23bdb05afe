using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class TicketStoreTests
{
    private const string Secret = "a-token-of-the-identity-provider";

    [Test]
    public async Task Cookie_authentication_works_as_before_and_its_tickets_are_sessions()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app, "ann");

        Assert.That(await GetAsync(app, "/me", cookie), Is.EqualTo("ann " + Secret));
        var session = (await app.Administration.FetchAllAsync("ann")).Single();
        Assert.That(session.LastClient.UserAgentHash, Is.Not.Null);
        Assert.That(session.EndsAt, Is.EqualTo(app.Clock.UtcNow + TimeSpan.FromHours(8)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_ticket_is_stored_encrypted()
    {
        await using var app = await StartAsync();
        await SignInAsync(app, "ann");

        var stored = (await app.Administration.FetchAllAsync("ann")).Single().Values["ticket"];

        Assert.That(System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(stored)), Does.Not.Contain(Secret));
    }

    [Test]
    public async Task A_session_that_is_revoked_is_signed_out_at_once()
    {
        await using var app = await StartAsync();
        var (first, second) = (await SignInAsync(app, "ann"), await SignInAsync(app, "ann"));

        await app.Administration.RevokeAllAsync("ann");

        Assert.That(await GetAsync(app, "/me", first), Is.EqualTo("401"));
        Assert.That(await GetAsync(app, "/me", second), Is.EqualTo("401"));
    }

    [Test]
    public async Task Signing_out_ends_the_session()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app, "ann");

        Assert.That(await GetAsync(app, "/sign-out", cookie), Is.EqualTo("Revoked"));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [Test]
    public async Task Filters_verbs_and_the_list_know_these_sessions_too()
    {
        await using var app = await StartAsync();
        var (first, second) = (await SignInAsync(app, "ann"), await SignInAsync(app, "ann"));

        Assert.That(await GetAsync(app, "/session", first), Is.EqualTo("ann"));
        using var others = await app.SendAsync("DELETE", "/sessions/others", null, ("Cookie", first));
        Assert.That(await others.TextAsync(), Is.EqualTo("{\"revoked\":1}"));
        Assert.That(await GetAsync(app, "/me", second), Is.EqualTo("401"));
        Assert.That(await GetAsync(app, "/session", first), Is.EqualTo("ann"));
    }

    [Test]
    public async Task Another_site_cannot_end_them()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app, "ann");

        using var response = await app.SendAsync("DELETE", "/sessions", null, ("Cookie", cookie), ("Sec-Fetch-Site", "cross-site"));

        Assert.That((int)response.StatusCode, Is.EqualTo(403));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_renewed_ticket_moves_the_end_of_its_session()
    {
        await using var app = await StartAsync();
        var cookie = await SignInAsync(app, "ann");

        app.Clock.Advance(TimeSpan.FromHours(5));
        Assert.That(await GetAsync(app, "/me", cookie), Does.StartWith("ann"));
        app.Clock.Advance(TimeSpan.FromHours(5));

        Assert.That(
            (await app.Administration.FetchAllAsync("ann")).Single().EndsAt,
            Is.EqualTo(app.Clock.UtcNow + TimeSpan.FromHours(3)).Within(TimeSpan.FromSeconds(1))
        );
    }

    [Test]
    public async Task A_renewal_never_brings_a_session_back()
    {
        await using var app = await StartAsync();
        var ticket = Ticket("ann");
        var store = Store(app);
        var key = await store.StoreAsync(ticket);
        await app.Administration.RevokeAllAsync("ann");

        await store.RenewAsync(key, ticket);

        Assert.That(await store.RetrieveAsync(key), Is.Null);
    }

    [Test]
    public async Task One_users_session_does_not_become_anothers()
    {
        await using var app = await StartAsync();
        var store = Store(app);
        var key = await store.StoreAsync(Ticket("ann"));

        Assert.That(() => store.RenewAsync(key, Ticket("eve")), Throws.InvalidOperationException.With.Message.Contains("SignOutAsync"));
        Assert.That((await store.RetrieveAsync(key))!.Principal.FindFirstValue(ClaimTypes.NameIdentifier), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_ticket_that_is_too_large_is_refused_in_a_sentence_that_says_what_to_do()
    {
        await using var app = await StartAsync();
        var (store, small, large) = (Store(app), Ticket("ann"), Ticket("ann", new string('x', 70_000)));
        var key = await store.StoreAsync(small);

        Assert.That(() => store.StoreAsync(large), Throws.InvalidOperationException.With.Message.Contains("SaveTokens"));
        Assert.That(() => store.RenewAsync(key, large), Throws.InvalidOperationException.With.Message.Contains("MaxValuesBytes"));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_user_without_a_name_identifier_is_refused()
    {
        await using var app = await StartAsync();
        var nobody = new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("test")), "test");

        Assert.That(
            () => Store(app).StoreAsync(nobody),
            Throws.InvalidOperationException.With.Message.Contains("ClaimTypes.NameIdentifier")
        );
    }

    [Test]
    public async Task A_ticket_whose_key_is_gone_counts_as_signed_out()
    {
        await using var app = await StartAsync();
        var store = Store(app);
        var key = await store.StoreAsync(Ticket("ann"));
        var id = (await app.Administration.FetchAllAsync("ann")).Single().Id;
        await app.Manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set("ticket", "AAAA"));

        Assert.That(await store.RetrieveAsync(key), Is.Null);
    }

    [TestCase("")]
    [TestCase("x")]
    public async Task A_key_that_is_no_token_finds_nothing_and_calls_no_store(string key)
    {
        await using var app = await StartAsync();

        Assert.That(await Store(app).RetrieveAsync(key), Is.Null);
        Assert.That(app.StoreCalls, Is.Zero);
    }

    private static ITicketStore Store(SessionApp app) =>
        app
            .Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(CookieAuthenticationDefaults.AuthenticationScheme)
            .SessionStore!;

    private static AuthenticationTicket Ticket(string user, string secret = Secret) =>
        new(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user), new Claim("secret", secret)], "test")),
            "test"
        );

    private static async Task<string> SignInAsync(SessionApp app, string user)
    {
        using var response = await app.SendAsync("POST", $"/sign-in?user={user}", null, ("User-Agent", "curl/8.5.0"));
        var cookie = response.SetCookies().Single();
        app.ResetStoreCalls();
        return $"{cookie.Name}={cookie.Value}";
    }

    private static async Task<string> GetAsync(SessionApp app, string path, string cookie)
    {
        using var response = await app.SendAsync("GET", path, null, ("Cookie", cookie));
        return response.IsSuccessStatusCode ? await response.TextAsync() : $"{(int)response.StatusCode}";
    }

    private static Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.UseAuthentication().UseAuthorization();
                app.MapPost("/sign-in", (HttpContext http, string user) => http.SignInAsync(Ticket(user).Principal));
                app.MapGet(
                        "/sign-out",
                        async (HttpContext http) =>
                        {
                            await http.SignOutAsync();
                            await http.Response.WriteAsync(http.GetSessionRejection().ToString());
                        }
                    )
                    .RequireSession();
                app.MapGet(
                        "/me",
                        (ClaimsPrincipal user) => $"{user.FindFirstValue(ClaimTypes.NameIdentifier)} {user.FindFirstValue("secret")}"
                    )
                    .RequireAuthorization();
                app.MapGet("/session", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
                app.MapSessions("/sessions");
            },
            services: services =>
            {
                services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                services
                    .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddCookie(cookie =>
                    {
                        cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
                        cookie.Events.OnRedirectToLogin = context =>
                        {
                            context.Response.StatusCode = 401;
                            return Task.CompletedTask;
                        };
                    });
                services.AddAuthorization();
                services.AddSessionUp().AddTicketStore();
            }
        );
}
