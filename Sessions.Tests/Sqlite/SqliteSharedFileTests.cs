using NUnit.Framework;
using Sessions.Sqlite;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteSharedFileTests : SqliteTestBase
{
    [Test]
    public async Task Nodes_on_one_file_never_find_it_locked_under_load()
    {
        SqliteSessionStore[] nodes = [Store, OpenStore(), OpenStore(), OpenStore()];

        await Task.WhenAll(
            nodes.SelectMany(node =>
                Enumerable
                    .Range(0, 8)
                    .Select(worker =>
                        Task.Run(async () =>
                        {
                            for (var i = 0; i < 25; i++)
                            {
                                var session = Samples.CreateFull();
                                await node.CreateAsync(session, null, Token);
                                Assert.That(await node.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
                                if (i % 5 == worker % 5)
                                {
                                    Assert.That(await node.DeleteAsync(session.Id, Token), Is.EqualTo(session));
                                }
                            }
                        })
                    )
            )
        );

        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(4 * 8 * 20));
    }

    [Test]
    public async Task A_node_gets_its_turn_beside_one_that_never_stops_writing()
    {
        var neighbour = OpenStore();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = Enumerable
            .Range(0, 64)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        await neighbour.DeleteAllAsync("bob", null, Token);
                        await neighbour.CreateAsync(Samples.CreateFull("bob"), null, Token);
                    }
                })
            )
            .ToList();

        for (var i = 0; i < 20; i++)
        {
            await CreateAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(writing);
        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task What_one_node_ends_no_node_finds()
    {
        var other = OpenStore();
        var session = await CreateAsync();
        Assert.That(await other.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));

        await Store.DeleteAsync(session.Id, Token);

        Assert.That(await other.FetchSessionAsync(session.Id, Token), Is.Null);
    }
}
