using System.Globalization;
using NUnit.Framework;
using NUnit.Framework.Constraints;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
public sealed class RedisClusterPageTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private RedisCluster _cluster = null!;
    private RedisSessionStore _store = null!;

    [SetUp]
    public async Task SetUp()
    {
        _cluster = await RedisCluster.StartAsync();
        _store = new RedisTestStores().Create(_cluster.Configuration, TimeProvider.System);
    }

    [TearDown]
    public async Task TearDown()
    {
        _store.Dispose();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task A_session_that_moves_to_a_node_already_read_is_shown()
    {
        var sessions = await CreateAsync(300);
        var (walked, place) = await EnumerateToLastNodeAsync();
        var unseen = sessions.Except(walked).First(id => NodeOf(id) == NodeOf(place.Probes[0]));

        var move = await RedisSlotMove.OpenAsync(_cluster, SlotOf(unseen), NodeOf(0));
        await move.MigrateAllAsync();
        await move.CloseAsync();

        await EnumerateRestAsync(walked, place.ToString());
        Assert.That(walked, Is.EquivalentTo(sessions));
    }

    [Test]
    public async Task While_a_slot_moves_the_pages_do_not_end_and_afterwards_nothing_was_missed()
    {
        var sessions = await CreateAsync(300);
        var (walked, place) = await EnumerateToLastNodeAsync();
        var unseen = sessions.Except(walked).First(id => NodeOf(id) == NodeOf(place.Probes[0]));

        var move = await RedisSlotMove.OpenAsync(_cluster, SlotOf(unseen), NodeOf(0));
        await move.MigrateAllAsync();

        Assert.That(async () => await _store.FetchPageAsync(null, 20, default), ThrowsSlotMoving());
        Assert.That(async () => await EnumerateRestAsync(walked, place.ToString()), ThrowsSlotMoving());
        await move.CloseAsync();
        await EnumerateRestAsync(walked, place.ToString());
        Assert.That(walked, Is.EquivalentTo(sessions));
    }

    /// <summary>Walks until the last node is the one under way, and something of it is left.</summary>
    private async Task<(HashSet<SessionId> Walked, RedisScanCursor Place)> EnumerateToLastNodeAsync()
    {
        var walked = new HashSet<SessionId>();
        string? continuation = null;
        RedisScanCursor place;
        do
        {
            var page = await _store.FetchPageAsync(continuation, 20, default);
            walked.UnionWith(page!.Sessions.Select(static session => session.Id));
            continuation = page.Continuation;
            place = RedisScanCursor.Parse(continuation!);
        } while (place.Probes.Length > 1);

        return (walked, place);
    }

    private async Task EnumerateRestAsync(HashSet<SessionId> walked, string? continuation)
    {
        while (continuation is not null)
        {
            var page = await _store.FetchPageAsync(continuation, 20, default);
            walked.UnionWith(page!.Sessions.Select(static session => session.Id));
            continuation = page.Continuation;
        }
    }

    private async Task<List<SessionId>> CreateAsync(int count)
    {
        var sessions = Enumerable.Range(0, count).Select(_ => _samples.Create(userKey: null)).ToList();
        await Task.WhenAll(sessions.Select(session => _store.CreateAsync(session, null, default).AsTask()));
        return [.. sessions.Select(static session => session.Id)];
    }

    private static ContainsConstraint ThrowsSlotMoving() => Throws.InstanceOf<SessionStoreException>().With.Message.Contains("moving");

    private RedisProcess NodeOf(SessionId id) => _cluster.NodeOf(RedisSlotCoverage.ComputeSlot(id.Shard));

    private RedisProcess NodeOf(int probe) => _cluster.NodeOf(RedisSlotCoverage.ComputeSlot(probe.ToString(CultureInfo.InvariantCulture)));

    private static string SlotOf(SessionId id) => RedisSlotCoverage.ComputeSlot(id.Shard).ToString(CultureInfo.InvariantCulture);
}
