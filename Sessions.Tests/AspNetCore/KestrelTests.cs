using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

/// <summary>What depends on a real server and a real connection.</summary>
public sealed class KestrelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Once_the_response_has_started_init_throws_before_any_store_call()
    {
        var thrown = new TaskCompletionSource<Exception?>();
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.Response.WriteAsync("begun");
                        await http.Response.Body.FlushAsync();
                        thrown.SetResult(await Assert.CatchAsync(async () => await http.InitSessionAsync("ann")));
                    }
                ),
            kestrel: true
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That(await thrown.Task.WaitAsync(Patience), Is.TypeOf<InvalidOperationException>());
        Assert.That(app.StoreCalls, Is.Zero);
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task Once_the_response_has_started_revoking_still_revokes()
    {
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                        "/logout",
                        async (HttpContext http) =>
                        {
                            await http.Response.WriteAsync("begun ");
                            await http.Response.Body.FlushAsync();
                            await http.Response.WriteAsync($"{await http.RevokeSessionAsync()}");
                        }
                    )
                    .RequireSession(),
            kestrel: true
        );
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo("begun True"));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
        Assert.That(response.SetCookies(), Is.Empty);
    }

    [Test]
    public async Task A_client_that_disconnects_does_not_cancel_a_revocation()
    {
        var aborted = new TaskCompletionSource();
        var revoked = new TaskCompletionSource<bool>();
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                        "/logout",
                        async (HttpContext http) =>
                        {
                            http.RequestAborted.Register(aborted.SetResult);
                            revoked.SetResult(await http.RevokeSessionAsync());
                        }
                    )
                    .RequireSession(),
            kestrel: true
        );
        var ann = await app.SignInAsync();
        using var client = new CancellationTokenSource();
        using var deletion = app.Store.Hold(StoreOperations.Delete);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/logout");
        request.Headers.Add("Cookie", $"__Host-sid={ann.Token.Reveal()}");
        var sent = app.Client.SendAsync(request, client.Token);
        await deletion.Arrived.WaitAsync(Patience);
        await client.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => sent);
        await aborted.Task.WaitAsync(Patience);
        deletion.Release();

        Assert.That(await revoked.Task.WaitAsync(Patience), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_foreign_sign_in_without_any_filter_is_answered_with_403(bool exceptionHandler)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                if (exceptionHandler)
                {
                    app.UseExceptionHandler();
                }

                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                    }
                );
            },
            services: services => services.AddProblemDetails(),
            kestrel: true
        );

        using var response = await app.SendAsync("POST", "/login", null, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.SetCookies(), Is.Empty);
        Assert.That(app.StoreCalls, Is.Zero);
    }

    [Test]
    public async Task The_cookie_is_set_although_the_handler_writes_no_body()
    {
        await using var app = await SessionApp.StartAsync(
            app =>
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                        http.Response.StatusCode = StatusCodes.Status204NoContent;
                    }
                ),
            kestrel: true
        );

        using var response = await app.SendAsync("POST", "/login");

        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.EqualTo(response.Token().Id));
    }

    [Test]
    public async Task A_cookie_survives_the_error_page_of_what_failed_after_it()
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.UseExceptionHandler(handler => handler.Run(http => http.Response.WriteAsync("sorry")));
                app.MapPost(
                        "/logout",
                        async (HttpContext http) =>
                        {
                            await http.RevokeSessionAsync();
                            throw new InvalidOperationException("afterwards");
                        }
                    )
                    .RequireSession();
            },
            kestrel: true
        );
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("POST", "/logout", ann.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }
}
