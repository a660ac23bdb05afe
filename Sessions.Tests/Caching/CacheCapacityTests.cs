using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>The cache is bounded, and what is used stays.</summary>
public sealed class CacheCapacityTests : CacheTestBase
{
    private const int Capacity = 10;

    [Test]
    public async Task As_many_sessions_as_the_capacity_are_cached()
    {
        var issued = await SignInManyCachedAsync(Capacity);

        Assert.That(await CountFetchesAsync(() => UseAsync(issued)), Is.Zero);
    }

    [Test]
    public async Task One_too_many_evicts_one()
    {
        var issued = await SignInManyCachedAsync(Capacity + 1);

        Assert.That(await CountFetchesAsync(() => UseAsync(issued[1..])), Is.Zero);
        Assert.That(await CountFetchesAsync(() => UseAsync(issued[..1])), Is.EqualTo(1), "The one that came first.");
    }

    [Test]
    public async Task Those_that_are_used_stay_while_others_come_and_go()
    {
        var used = await SignInManyCachedAsync(Capacity / 2);

        for (var i = 0; i < 20 * Capacity; i++)
        {
            await SignInCachedAsync($"passer-by {i}");
            Assert.That(await CountFetchesAsync(() => UseAsync(used)), Is.Zero);
        }
    }

    [Test]
    public async Task When_all_are_used_another_still_finds_room()
    {
        await UseAsync(await SignInManyCachedAsync(Capacity));

        var last = await SignInCachedAsync("last");

        Assert.That(await CountFetchesAsync(() => UseAsync([last])), Is.Zero);
    }

    [Test]
    public async Task What_is_evicted_makes_room()
    {
        var issued = await SignInManyCachedAsync(Capacity);
        await DeleteAndPublishAsync(issued[5].Session.Id);

        var last = await SignInCachedAsync("last");

        Assert.That(await CountFetchesAsync(() => UseAsync([.. issued[..5], .. issued[6..], last])), Is.Zero);
    }

    [Test]
    public async Task A_repeated_session_takes_no_second_entry()
    {
        var issued = await SignInManyCachedAsync(Capacity);

        for (var i = 0; i < Capacity; i++)
        {
            await Node.Manager.Authenticator.AuthAsync(issued[0].Token, null, bypassCache: true, Token);
        }

        Assert.That(await CountFetchesAsync(() => UseAsync(issued)), Is.Zero);
    }

    [Test]
    public async Task After_a_gap_of_the_feed_there_is_room_again()
    {
        await SignInManyCachedAsync(Capacity);
        Node.Feed.Reconnect();

        var issued = await SignInManyCachedAsync(Capacity);

        Assert.That(await CountFetchesAsync(() => UseAsync(issued)), Is.Zero);
    }

    [Test]
    public async Task Room_for_one_is_room_enough()
    {
        var node = await AddNodeAsync(configure: o => o.Cache!.MaxSessions = 1);
        var (ann, bob) = (await SignInAsync(), await SignInAsync("bob"));

        foreach (var token in (SessionToken[])[ann.Token, ann.Token, bob.Token, bob.Token, ann.Token])
        {
            Assert.That(await node.RejectionAsync(token, Token), Is.EqualTo(SessionRejection.None));
        }

        Assert.That(node.FetchCount, Is.EqualTo(3));
    }

    [Test]
    public async Task Many_large_sessions_take_no_more_memory_than_the_bound()
    {
        var node = await AddNodeAsync(configure: o => (o.Cache!.MaxBytes, o.Cache.MaxSessions) = (1024 * 1024, 10_000));
        var issued = new List<IssuedSession>();
        for (var i = 0; i < 30; i++)
        {
            issued.Add(
                await SignInAsync($"user {i}", new SessionInit { Values = SessionValues.Empty.Set("large", new string('x', 60_000)) })
            );
            await node.RejectionAsync(issued[i].Token, Token);
        }

        var before = node.FetchCount;
        foreach (var session in Enumerable.Reverse(issued))
        {
            await node.RejectionAsync(session.Token, Token);
        }

        // A character takes two bytes, so eight of them fit into one MiB; those that are read again push out the next.
        Assert.That(node.FetchCount - before, Is.EqualTo(22));
    }

    [Test]
    public async Task A_session_larger_than_the_bound_is_read_each_time_and_pushes_out_no_other()
    {
        var node = await AddNodeAsync(configure: o => o.Cache!.MaxBytes = 1024 * 1024);
        RemoteManager.Components.Options.MaxValuesBytes = 1024 * 1024;
        var small = await SignInAsync();
        var large = await SignInAsync("bob", new SessionInit { Values = SessionValues.Empty.Set("large", new string('x', 600_000)) });

        foreach (var token in (SessionToken[])[small.Token, large.Token, large.Token, small.Token])
        {
            Assert.That(await node.RejectionAsync(token, Token), Is.EqualTo(SessionRejection.None));
        }

        Assert.That(node.FetchCount, Is.EqualTo(3));
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Cache?.MaxSessions = Capacity;
    }

    private async Task<IssuedSession[]> SignInManyCachedAsync(int count)
    {
        var issued = new List<IssuedSession>();
        for (var i = 0; i < count; i++)
        {
            issued.Add(await SignInCachedAsync($"user {i}"));
        }

        return [.. issued];
    }

    private async Task UseAsync(IEnumerable<IssuedSession> sessions)
    {
        foreach (var issued in sessions)
        {
            await AssertAcceptedAsync(issued.Token);
        }
    }
}
