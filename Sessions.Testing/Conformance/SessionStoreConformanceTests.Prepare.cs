using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_fresh_backend_may_be_prepared_by_many_at_once_and_on_several_nodes()
    {
        var nodes = await CreateNodesAsync(3);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => PrepareAsync(nodes[i % nodes.Count]), Token)));

        var session = await CreateAsync(Samples.CreateFull());
        foreach (var node in nodes)
        {
            AssertSame(await node.FetchSessionAsync(session.Id, Token), session);
        }
    }

    [Test]
    public async Task Calls_may_come_before_and_while_a_fresh_backend_is_prepared()
    {
        var nodes = await CreateNodesAsync(3);
        var sessions = Enumerable.Range(0, 6).Select(i => CreatedLater(Samples.CreateFull(), i)).ToArray();

        await Task.WhenAll([
            .. sessions.Select((session, i) => Task.Run(() => Creating(nodes[i % nodes.Count], session), Token)),
            .. nodes.Select(node => Task.Run(() => PrepareAsync(node), Token)),
        ]);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));

        Task Creating(ISessionStore node, Session session) => node.CreateAsync(session, null, Token).AsTask();
    }

    [Test]
    public async Task Preparing_again_and_on_another_node_leaves_what_is_stored_as_it_is()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var marker = await CreateMarkerAsync();

        foreach (var node in await CreateNodesAsync(2))
        {
            await PrepareAsync(node);
            await PrepareAsync(node);
        }

        await AssertStoredAsync(session);
        Assert.That(await Store.FetchAsync(marker.Id, Token), Is.EqualTo(s_replaced));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([session]));
    }

    [Test]
    public async Task Preparing_a_backend_that_fails_throws_and_may_be_tried_again()
    {
        if (!PreparesAnything(Store))
        {
            Assert.Ignore("This store has nothing to prepare.");
        }

        await using (await RequireOutageAsync())
        {
            await AssertFailsAsync(nameof(Store.PrepareAsync), PrepareBrokenAsync);
        }

        await RecoverAsync(() => Store.PrepareAsync(Token));
        await AssertStoredAsync(await CreateAsync(Samples.CreateFull()));

        async Task<object?> PrepareBrokenAsync()
        {
            try
            {
                await Store.PrepareAsync(Token);
                return null;
            }
            catch (SessionConfigurationException e)
            {
                // What the test did may look like a backend that is set up wrongly, which may also be said.
                throw new SessionStoreException(e.Message, e);
            }
        }
    }

    private static Task PrepareAsync(ISessionStore node) => node.PrepareAsync(Token).AsTask();

    /// <summary>The store and as many nodes in all; fewer, where it has no others.</summary>
    private async Task<List<ISessionStore>> CreateNodesAsync(int count)
    {
        var nodes = new List<ISessionStore> { Store };
        while (nodes.Count < count && await TryAddNodeAsync(TimeSpan.Zero) is { } node)
        {
            nodes.Add(node);
        }

        return nodes;
    }

    /// <summary>Whether the store has a method of its own instead of the body that the contract gives it.</summary>
    private static bool PreparesAnything(ISessionStore store)
    {
        var map = store.GetType().GetInterfaceMap(typeof(ISessionStore));
        var at = Array.FindIndex(map.InterfaceMethods, method => method.Name == nameof(ISessionStore.PrepareAsync));
        return map.TargetMethods[at].DeclaringType != typeof(ISessionStore);
    }
}
