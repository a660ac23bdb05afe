using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
[Parallelizable]
public sealed class RedisOutageTests
{
    [Test]
    public async Task While_Redis_is_away_requests_get_503_and_keep_their_cookie_and_afterwards_all_is_well_without_a_restart()
    {
        await using var server = await RedisProcess.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        var cookie = await LogInAsync(server);
        await server.KillAsync();

        await using var app = Build(server);
        await app.StartAsync();
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        await AssertUnavailableAsync(client);

        await server.RestartAsync();
        Assert.That(await WaitForRecoveryAsync(client), Is.EqualTo(HttpStatusCode.OK));

        await server.KillAsync();
        await AssertUnavailableAsync(client);

        await server.RestartAsync();
        Assert.That(await WaitForRecoveryAsync(client), Is.EqualTo(HttpStatusCode.OK));
    }

    private static Uri Login { get; } = new("https://localhost/login");

    private static Uri Me { get; } = new("https://localhost/me");

    private static WebApplication Build(RedisProcess server)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSessionUp().UseRedis($"{server.Endpoint},connectTimeout=1000,syncTimeout=2000");
        var app = builder.Build();
        app.MapPost("/login", static async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
        app.MapGet("/me", static (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
        return app;
    }

    private static async Task<string> LogInAsync(RedisProcess server)
    {
        await using var app = Build(server);
        await app.StartAsync();
        using var client = app.GetTestClient();
        using var response = await client.PostAsync(Login, null);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task AssertUnavailableAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Me);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.Contains("Retry-After"));
        Assert.That(response.Headers.Contains("Set-Cookie"), Is.False);
    }

    /// <summary>Asks until the answer is another than 503. Each request waits, within the driver, for the connection.</summary>
    private static async Task<HttpStatusCode> WaitForRecoveryAsync(HttpClient client)
    {
        while (true)
        {
            using var response = await client.GetAsync(Me, TestContext.CurrentContext.CancellationToken);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return response.StatusCode;
            }
        }
    }
}
