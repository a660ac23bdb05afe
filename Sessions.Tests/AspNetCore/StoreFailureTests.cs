using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.AspNetCore;

public sealed class StoreFailureTests
{
    [Test]
    public async Task A_store_that_fails_is_503_with_Retry_After_and_the_cookie_stays()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail(createException: () => new IOException("Host db-7 is down."));

        using var response = await app.SendAsync("GET", "/required", ann.Token, ("Sec-Fetch-Mode", "navigate"));

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
        Assert.That(response.Header("Retry-After"), Is.EqualTo("5"));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(await response.TextAsync(), Does.Not.Contain("db-7"), "nothing of the inside gets out");
    }

    [Test]
    public async Task When_the_store_is_back_the_session_is_too()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail();
        await app.GetAsync("/required", ann.Token);
        app.Store.ClearFailures();

        Assert.That(await app.GetAsync("/required", ann.Token), Is.EqualTo("in"));
    }

    [Test]
    public async Task A_public_endpoint_goes_on_without_a_session_and_can_see_why()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail();

        using var response = await app.SendAsync("GET", "/public", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("StoreUnavailable"));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_verb_does_not_pass_an_outage_off_as_absence()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail();

        using var response = await app.SendAsync("POST", "/public", ann.Token);

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
    }

    [Test]
    public async Task A_verb_that_fails_behind_a_filter_is_503_and_the_cookie_stays()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();
        app.Store.Fail(StoreOperations.Delete);

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_sign_in_that_fails_without_a_filter_is_503_behind_the_exception_handler()
    {
        await using var app = await StartAsync(app => app.UseExceptionHandler());
        app.Store.Fail();

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
        Assert.That(response.Header("Retry-After"), Is.EqualTo("5"));
    }

    [Test]
    public async Task A_sign_in_that_fails_without_anything_before_it_is_503_too()
    {
        await using var app = await StartAsync();
        app.Store.Fail();

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.ServiceUnavailable)));
        Assert.That(response.Header("Retry-After"), Is.EqualTo("5"));
    }

    [Test]
    public async Task A_failure_after_the_response_has_started_is_not_passed_off_as_an_answer()
    {
        await using var app = await StartAsync();
        app.Store.Fail(StoreOperations.Create);

        Assert.That(
            async () => await (await app.SendAsync("POST", "/late-issue")).TextAsync(),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>().Or.InstanceOf<SessionStoreException>()
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_outage_is_one_error_in_the_log_for_all_kinds_of_requests(bool handled)
    {
        var log = new RecordingLoggerProvider();
        await using var app = await StartAsync(
            app => _ = handled ? app.UseExceptionHandler() : app,
            services => services.AddSingleton<ILoggerProvider>(log)
        );
        var ann = await app.SignInAsync();
        app.Store.Fail();

        for (var i = 0; i < 5; i++)
        {
            await app.GetAsync("/required", ann.Token);
            await app.GetAsync("/public", ann.Token);
            (await app.SendAsync("POST", "/logout", ann.Token)).Dispose();
            (await app.SendAsync("POST", "/login")).Dispose();
        }

        var told = log.Entries.Where(entry => entry.Level >= LogLevel.Warning).ToLookup(entry => entry.Event);
        Assert.That(told["SessionStoreFailed"].Select(entry => entry.Level), Is.EqualTo([LogLevel.Error]));
        Assert.That(told["SessionVerbFailed"].Select(entry => entry.Exception), Is.EqualTo(new Exception?[5]), "A line for each sign-in.");
        Assert.That(told.Select(group => group.Key), Is.EquivalentTo(["SessionStoreFailed", "SessionVerbFailed"]));
    }

    private static Task<SessionApp> StartAsync(Action<WebApplication>? before = null, Action<IServiceCollection>? services = null) =>
        SessionApp.StartAsync(
            app =>
            {
                before?.Invoke(app);
                app.MapGet("/required", () => "in").RequireSession();
                app.MapGet("/public", (HttpContext http) => http.GetSession() is null ? http.GetSessionRejection().ToString() : "in")
                    .PublicSession();
                app.MapPost("/public", (HttpContext http) => http.RevokeAllSessionsAsync()).PublicSession();
                app.MapPost("/logout", (HttpContext http) => http.RevokeSessionAsync()).RequireSession();
                app.MapPost(
                    "/late-issue",
                    async (HttpContext http) =>
                    {
                        await http.Response.WriteAsync("begun");
                        await http.Response.Body.FlushAsync();
                        await http.RequestServices.GetRequiredService<SessionManager>().InitAsync("ann");
                    }
                );
                app.MapPost("/login", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
            },
            services: collection =>
            {
                collection.AddProblemDetails();
                services?.Invoke(collection);
            }
        );
}
