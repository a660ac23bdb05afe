using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class EarlyMiddlewareTests
{
    [Test]
    public async Task Later_middleware_has_the_session_with_one_store_call()
    {
        string? seen = null;
        await using var app = await SessionApp.StartAsync(app =>
        {
            app.UseSessionUp();
            app.Use(
                (context, next) =>
                {
                    seen = context.GetSession()?.UserKey;
                    return next(context);
                }
            );
            app.MapGet("/", (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
        });
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("ann"));
        Assert.That(seen, Is.EqualTo("ann"));
        Assert.That(app.StoreCalls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_refused_request_reaches_no_later_middleware()
    {
        var passed = false;
        await using var app = await SessionApp.StartAsync(app =>
        {
            app.UseSessionUp();
            app.Use(
                (context, next) =>
                {
                    passed = true;
                    return next(context);
                }
            );
            app.MapGet("/", () => "in").RequireSession();
        });

        using var response = await app.SendAsync("GET", "/");

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
        Assert.That(passed, Is.False);
    }

    [Test]
    public async Task Endpoints_without_a_filter_and_paths_without_an_endpoint_pass_without_a_store_call()
    {
        await using var app = await SessionApp.StartAsync(app =>
        {
            app.UseSessionUp();
            app.MapGet("/", () => "in");
        });
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/", ann.Token), Is.EqualTo("in"));
        using var nowhere = await app.SendAsync("GET", "/nowhere", ann.Token);
        Assert.That((int)nowhere.StatusCode, Is.EqualTo(404));
        Assert.That(app.StoreCalls, Is.Zero);
    }
}
