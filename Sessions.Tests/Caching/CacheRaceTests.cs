using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>
/// Rounds of a seed: some nodes check tokens over and over while others end sessions. What is ended stays ended, and what lives is never
/// refused.
/// </summary>
[CancelAfterEffort(120_000)]
public sealed class CacheRaceTests
{
    private const int Nodes = 3;
    private const int Checks = 40;

    private static int Rounds { get; } = TestEffort.Scale(100);

    private readonly SeededRandom _random = SeededRandom.Create();
    private ManualTimeProvider _clock = null!;
    private List<CachedNode> _nodes = null!;

    [SetUp]
    public async Task SetUpNodesAsync()
    {
        _clock = new ManualTimeProvider();
        var data = new MemorySessionStore(time: _clock);
        _nodes = [];
        for (var i = 0; i < Nodes; i++)
        {
            var node = new CachedNode(data, _clock, configure: o => o.Cache!.MaxSessions = 4);
            _nodes.Add(await node.ConnectAsync(Token));
        }
    }

    [TearDown]
    public async Task TearDownNodesAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Test]
    public async Task What_was_revoked_and_published_is_accepted_nowhere_and_what_lives_is_refused_nowhere()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (doomed, spared) = (await InitAsync($"ann {round}"), await InitAsync($"bob {round}"));
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var faults = new List<string>();
            var checking = _nodes.SelectMany(node => new[] { CheckAsync(node), CheckAsync(node) }).ToList();

            await RevokeAsync(doomed.Session);
            end.SetResult();
            await Task.WhenAll(checking);

            Assert.That(faults, Is.Empty, $"Round {round}, {SeededRandom.SeedVariable}={_random.Seed}");

            Task CheckAsync(CachedNode node) =>
                Task.Run(async () =>
                {
                    var checks = 0;
                    do
                    {
                        var isOver = end.Task.IsCompleted;
                        Note(isOver && (await node.AuthAsync(doomed.Token, Token)).IsAccepted, "a revoked session was accepted");
                        Note(
                            !isOver
                                && await node.RejectionAsync(doomed.Token, Token)
                                    is not (SessionRejection.None or SessionRejection.Unknown),
                            "a wrong reason"
                        );
                        Note(!(await node.AuthAsync(spared.Token, Token)).IsAccepted, "a valid session was refused");
                    } while (++checks < Checks || !end.Task.IsCompleted);

                    Note((await node.AuthAsync(doomed.Token, Token)).IsAccepted, "a revoked session was accepted at last");
                });

            void Note(bool fault, string what)
            {
                if (fault)
                {
                    lock (faults)
                    {
                        faults.Add(what);
                    }
                }
            }
        }
    }

    [Test]
    public async Task Values_that_one_node_has_written_and_published_are_read_on_all()
    {
        var ann = await InitAsync("ann");
        for (var round = 0; round < Rounds; round++)
        {
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var reading = _nodes.ConvertAll(node =>
                Task.Run(async () =>
                {
                    while (!stop.Task.IsCompleted)
                    {
                        await node.AuthAsync(ann.Token, Token);
                    }
                })
            );

            await AnyNode().Manager.UpdateValuesAsync(ann.Session.Id, ValuesPatch.Empty.Set("round", $"{round}"), Token);
            Publish(ann.Session.Id, SessionChangeKind.Changed);
            var read = new List<string>();
            foreach (var node in _nodes)
            {
                read.Add((await node.AuthAsync(ann.Token, Token)).Session!.Values["round"]);
            }

            stop.SetResult();
            await Task.WhenAll(reading);
            Assert.That(read, Has.All.EqualTo($"{round}"), $"{SeededRandom.SeedVariable}={_random.Seed}");
        }
    }

    private async Task RevokeAsync(Session session)
    {
        for (var steps = _random.Next(20); steps > 0; steps--)
        {
            await Task.Yield();
        }

        var node = AnyNode();
        switch (_random.Next(3))
        {
            case 0:
                await node.Administration.RevokeAsync(session.Id, Token);
                break;
            case 1:
                await node.Manager.RevokeAllAsync(session, Token);
                break;
            default:
                await node.Administration.RevokeAllAsync(session.UserKey!, Token);
                break;
        }

        Publish(session.Id, SessionChangeKind.Ended);
    }

    private CachedNode AnyNode() => _nodes[_random.Next(Nodes)];

    private void Publish(SessionId id, SessionChangeKind kind) => _nodes.ForEach(node => node.Feed.Publish(id, kind));

    private async Task<IssuedSession> InitAsync(string userKey) => await AnyNode().Manager.InitAsync(userKey, null, Token);
}
