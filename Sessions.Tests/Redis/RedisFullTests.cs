using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <summary>A server that has no memory left: it reads and deletes, and stores nothing new.</summary>
[CancelAfter(120_000)]
public sealed class RedisFullTests
{
    private static readonly SessionInit s_withCart = new() { Values = SessionValues.Empty.Set("cart", "tea") };

    [Test]
    public async Task A_sign_in_that_finds_the_server_full_costs_neither_the_cart_nor_the_session_of_before()
    {
        await using var server = await RedisProcess.StartAsync();
        var clock = new ManualTimeProvider();
        using var store = new RedisTestStores().Create(server.Endpoint, clock);
        await using var manager = new SessionManager(store, new SessionUpOptions(), clock);
        var visitor = await manager.StartVisitorAsync(s_withCart);
        var ann = await manager.InitAsync("ann", s_withCart);
        await server.CallAsync("CONFIG", "SET", "maxmemory", "1");

        foreach (var token in new[] { visitor.Token, ann.Token })
        {
            Assert.That(
                async () => await manager.InitAsync("ann", new SessionInit { ReplacedToken = token }),
                Throws.InstanceOf<SessionStoreException>()
            );
        }

        Assert.That(async () => await manager.LogOutAsync(ann.Session, keepValues: true), Throws.InstanceOf<SessionStoreException>());

        Assert.That((await manager.AuthAsync(visitor.Token)).Session?.Values["cart"], Is.EqualTo("tea"));
        Assert.That((await manager.AuthAsync(ann.Token)).Session?.Values["cart"], Is.EqualTo("tea"));
        await manager.LogOutAsync(ann.Session, keepValues: false);
        Assert.That((await manager.AuthAsync(ann.Token)).IsAccepted, Is.False, "To sign out needs no memory.");
    }
}
