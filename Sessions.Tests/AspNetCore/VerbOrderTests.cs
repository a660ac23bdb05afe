using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Memory;
using Sessions.Tests.Postgres;
using Sessions.Tests.Redis;

namespace Sessions.Tests.AspNetCore;

/// <summary>Verbs that a handler starts together.</summary>
[TestFixture(typeof(MemoryBackend))]
[TestFixture(typeof(RedisBackend))]
[TestFixture(typeof(PostgresBackend))]
public sealed class VerbOrderTests<TBackend> : SessionStoreTestBase<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    [Test]
    public async Task Values_that_a_stranger_sets_together_are_all_in_the_one_session_that_begins()
    {
        await using var app = await StartAsync(map =>
            map.MapPost(
                    "/",
                    async (HttpContext http) =>
                    {
                        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SetAsync(http, $"key {i}")));
                    }
                )
                .PublicSession()
        );

        using var response = await app.SendAsync("POST", "/");

        var session = (await Store.FetchAsync(response.Token().Id, Token)).Session!;
        Assert.That(session.Values.Keys, Is.EquivalentTo(Enumerable.Range(0, 5).Select(static i => $"key {i}")));
        Assert.That(app.Store.CountCalls(StoreOperations.Create), Is.EqualTo(1));
    }

    [Test]
    public async Task A_sign_in_and_a_value_that_are_started_together_leave_one_session_with_the_value()
    {
        await using var app = await StartAsync(map =>
            map.MapPost(
                    "/",
                    async (HttpContext http) =>
                    {
                        await Task.WhenAll(SetAsync(http, "before"), http.InitSessionAsync("ann").AsTask(), SetAsync(http, "after"));
                    }
                )
                .PublicSession()
        );

        using var response = await app.SendAsync("POST", "/");

        var session = (await Store.FetchAsync(response.Token().Id, Token)).Session!;
        Assert.That(session.UserKey, Is.EqualTo("ann"));
        Assert.That(session.Values.Keys, Is.EquivalentTo(["before", "after"]));
    }

    [Test]
    public async Task A_verb_within_the_loader_of_users_does_not_wait_for_the_sign_in_that_loads()
    {
        await using var app = await StartAsync(
            map => map.MapPost("/", async (HttpContext http) => (await http.InitSessionAsync("ann")).UserKey),
            services =>
                services
                    .AddHttpContextAccessor()
                    .AddSessionUp()
                    .LoadUser<string>(
                        async (session, provider, _) =>
                        {
                            var http = provider.GetRequiredService<IHttpContextAccessor>().HttpContext!;
                            await http.SetSessionValueAsync("loaded", 1);
                            return session.UserKey;
                        }
                    )
        );

        using var response = await app.SendAsync("POST", "/");

        var session = (await Store.FetchAsync(response.Token().Id, Token)).Session!;
        Assert.That(session.Values.Keys, Is.EquivalentTo(["loaded"]));
    }

    private static async Task SetAsync(HttpContext http, string key) => await http.SetSessionValueAsync(key, 1);

    private Task<SessionApp> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? services = null) =>
        SessionApp.StartAsync(map, services: services, backend: (Store, Clock));
}
