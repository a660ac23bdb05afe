using System.Net;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <content>The stores that the demo can be started with, and what it does when theirs goes away.</content>
public sealed partial class DemoTests
{
    private static IEnumerable<string> PersistentStores =>
        Type.GetType("Sessions.LiteDb.LiteDbSessionStore, Sessions.LiteDb") is null
            ? ["sqlite", "redis", "postgres"]
            : ["sqlite", "redis", "postgres", "litedb"];

    private static IEnumerable<string> Stores => PersistentStores.Prepend("memory");

    [Test]
    public async Task While_Redis_is_away_the_answer_is_503_and_the_cookie_stays_and_afterwards_all_is_well()
    {
        await using var redis = await RedisProcess.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var demo = await DemoProcess.StartAsync("--store", "redis", "--connection", redis.Endpoint);
        await AssertSurvivesAsync(demo, redis.KillAsync, redis.RestartAsync);
    }

    [Test]
    public async Task While_PostgreSQL_is_away_the_answer_is_503_and_the_cookie_stays_and_afterwards_all_is_well()
    {
        await using var postgres = await PostgresProcess.StartAsync();
        await using var demo = await DemoProcess.StartAsync("--store", "postgres", "--connection", postgres.ConnectionString);
        await AssertSurvivesAsync(demo, postgres.KillAsync, postgres.RestartAsync);
    }

    [Test]
    public async Task The_demo_starts_while_its_server_is_away_and_serves_when_it_is_back()
    {
        await using var redis = await RedisProcess.StartAsync();
        await redis.KillAsync();
        await using var demo = await DemoProcess.StartAsync("--store", "redis", "--connection", $"{redis.Endpoint},connectTimeout=1000");
        using var client = new DemoClient();

        Assert.That((await client.LogInAsync(demo, _ann)).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        await redis.RestartAsync();

        Assert.That(
            await WaitForResponseAsync(async () => (await client.LogInAsync(demo, _ann)).StatusCode),
            Is.EqualTo(HttpStatusCode.OK)
        );
    }

    private async Task AssertSurvivesAsync(DemoProcess demo, Func<Task> kill, Func<Task> restart)
    {
        using var client = new DemoClient();
        await client.LogInAsync(demo, _ann);
        var cookie = client.Cookie;

        await kill();
        var away = await client.StatusAsync(demo, HttpMethod.Get, "/api/me");
        await restart();

        Assert.That((away, client.Cookie), Is.EqualTo((HttpStatusCode.ServiceUnavailable, cookie)));
        Assert.That(
            await WaitForResponseAsync(() => client.StatusAsync(demo, HttpMethod.Get, "/api/me")),
            Is.EqualTo(HttpStatusCode.OK),
            "The session is still there."
        );
    }

    /// <summary>
    /// Asks again while the answer is 503: a driver takes its time to find its server again. Each question waits within the driver.
    /// </summary>
    private static async Task<HttpStatusCode> WaitForResponseAsync(Func<Task<HttpStatusCode>> ask)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        HttpStatusCode status;
        while ((status = await ask()) == HttpStatusCode.ServiceUnavailable && !patience.IsCancellationRequested) { }

        return status;
    }

    private async Task<DemoProcess> StartAsync(string store) =>
        store == "memory"
            ? await DemoProcess.StartAsync("--store", store)
            : await DemoProcess.StartAsync("--store", store, "--connection", await ConnectionAsync(store));

    private async Task<string> ConnectionAsync(string store) =>
        store switch
        {
            "sqlite" => $"Data Source={Path.Combine(_folder, "demo.db")}",
            "litedb" => Path.Combine(_folder, "demo.litedb"),
            "redis" => (await TestServers.RedisAsync()).ConnectionString,
            "postgres" => (await TestServers.PostgresAsync()).ConnectionString,
            _ => throw new ArgumentOutOfRangeException(nameof(store), store, null),
        };
}
