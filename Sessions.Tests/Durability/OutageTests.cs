using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Durability;

/// <summary>The server goes away and comes back.</summary>
[CancelAfter(120_000)]
internal abstract class OutageTests<TBackend>
    where TBackend : FaultBackend, new()
{
    private static readonly Uri s_login = new("https://localhost/login");
    private static readonly Uri s_me = new("https://localhost/me");

    protected SampleSessions Samples { get; } = new(TimeProvider.System, SeededRandom.Create());

    [Test]
    public async Task While_the_server_is_away_requests_get_503_and_keep_their_cookie_and_afterwards_all_is_well_without_a_restart()
    {
        await using var backend = new TBackend();
        await backend.StartAsync(isDurable: true);
        var cookie = await LogInAsync(backend);
        await backend.KillAsync();

        await using var app = Build(backend);
        await app.StartAsync(Token);
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        await AssertUnavailableAsync(client);

        await backend.RestartAsync();
        Assert.That(await WaitForRecoveryAsync(client), Is.EqualTo(HttpStatusCode.OK));

        await backend.KillAsync();
        await AssertUnavailableAsync(client);

        await backend.RestartAsync();
        Assert.That(await WaitForRecoveryAsync(client), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_server_killed_under_load_keeps_what_it_acknowledged()
    {
        const int callers = 8;
        await using var backend = new TBackend();
        await backend.StartAsync(isDurable: true);
        var store = backend.CreateStore();
        await using var _ = (IAsyncDisposable)store;
        await store.PrepareAsync(Token);
        var created = new ConcurrentDictionary<SessionId, Session>();
        var deleted = new ConcurrentDictionary<SessionId, bool>();
        var doubtful = new ConcurrentDictionary<SessionId, bool>();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var load = Enumerable.Range(0, callers).Select(caller => Task.Run(() => LoadAsync($"user {caller}"))).ToList();
        await busy.Task.WaitAsync(Token);
        await backend.KillAsync();
        var failures = await Task.WhenAll(load);
        await backend.RestartAsync();

        Assert.That(failures.Select(static failure => failure.InnerException), Is.All.Not.Null);
        await backend.RecoverAsync(store, created.Keys.First(), Token);
        var lost = new List<SessionId>();
        foreach (var (id, session) in created)
        {
            if (
                !doubtful.ContainsKey(id)
                && await store.FetchSessionAsync(id, Token) is var found
                && found != (deleted.ContainsKey(id) ? null : session)
            )
            {
                lost.Add(id);
            }
        }

        Assert.That(lost, Is.Empty);
        Assert.That((deleted.Count, created.Count), Is.GreaterThan((50, 100)));

        async Task<SessionStoreException> LoadAsync(string user)
        {
            while (true)
            {
                var session = Samples.CreateFull(user);
                try
                {
                    await store.CreateAsync(session, null, Token);
                    created[session.Id] = session;
                    if (created.Count % 2 == 0)
                    {
                        doubtful[session.Id] = true;
                        await store.DeleteAsync(session.Id, Token);
                        deleted[session.Id] = true;
                        doubtful.TryRemove(session.Id, out var _);
                    }
                }
                catch (SessionStoreException e)
                {
                    return e;
                }

                if (deleted.Count > 200)
                {
                    busy.TrySetResult();
                }
            }
        }
    }

    [Test]
    public async Task A_host_starts_without_its_server_and_recovers_when_it_is_there()
    {
        await using var backend = new TBackend();
        await backend.StartAsync();
        await backend.KillAsync();
        await using var app = Build(backend);
        var session = Samples.CreateFull();

        await app.StartAsync(Token);
        var store = app.Services.GetRequiredService<ISessionStore>();
        Assert.That(
            () => store.CreateAsync(session, null, Token).AsTask(),
            Throws.TypeOf<SessionStoreException>().With.InnerException.InstanceOf(backend.DriverException)
        );
        await backend.RestartAsync();

        var failures = await backend.RecoverAsync(store, session.Id, Token);
        Assert.That(failures, backend.ConnectsOnDemand ? Is.Zero : Is.Not.Negative);
        await store.CreateAsync(session, null, Token);
        Assert.That(await store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
        await app.StopAsync(Token);
    }

    private static WebApplication Build(TBackend backend)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        backend.Use(builder.Services.AddSessionUp());
        var app = builder.Build();
        app.MapPost("/login", static async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey);
        app.MapGet("/me", static (HttpContext http) => http.GetSession()!.UserKey).RequireSession();
        return app;
    }

    private static async Task<string> LogInAsync(TBackend backend)
    {
        await using var app = Build(backend);
        await app.StartAsync(Token);
        using var client = app.GetTestClient();
        using var response = await client.PostAsync(s_login, null, Token);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task AssertUnavailableAsync(HttpClient client)
    {
        using var response = await client.GetAsync(s_me, Token);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.Contains("Retry-After"));
        Assert.That(response.Headers.Contains("Set-Cookie"), Is.False);
    }

    /// <summary>Sends requests until the answer is another than 503. Each waits, within the driver, for a connection.</summary>
    private static async Task<HttpStatusCode> WaitForRecoveryAsync(HttpClient client)
    {
        while (true)
        {
            using var response = await client.GetAsync(s_me, Token);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return response.StatusCode;
            }
        }
    }
}
