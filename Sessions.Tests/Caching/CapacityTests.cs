using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>The cache is bounded, and what is used stays.</summary>
public sealed class CapacityTests : CacheTests
{
    private const int Room = 10;

    [Test]
    public async Task As_many_sessions_as_there_is_room_for_are_remembered()
    {
        var issued = await RememberManyAsync(Room);

        Assert.That(await FetchesAsync(() => UseAsync(issued)), Is.Zero);
    }

    [Test]
    public async Task One_too_many_makes_one_forgotten()
    {
        var issued = await RememberManyAsync(Room + 1);

        Assert.That(await FetchesAsync(() => UseAsync(issued[1..])), Is.Zero);
        Assert.That(await FetchesAsync(() => UseAsync(issued[..1])), Is.EqualTo(1), "The one that came first.");
    }

    [Test]
    public async Task Those_that_are_used_stay_while_others_come_and_go()
    {
        var used = await RememberManyAsync(Room / 2);

        for (var i = 0; i < 20 * Room; i++)
        {
            await RememberedAsync($"passer-by {i}");
            Assert.That(await FetchesAsync(() => UseAsync(used)), Is.Zero);
        }
    }

    [Test]
    public async Task When_all_are_used_another_still_finds_room()
    {
        await UseAsync(await RememberManyAsync(Room));

        var last = await RememberedAsync("last");

        Assert.That(await FetchesAsync(() => UseAsync([last])), Is.Zero);
    }

    [Test]
    public async Task What_is_forgotten_makes_room()
    {
        var issued = await RememberManyAsync(Room);
        await EndAsync(issued[5].Session.Id);

        var last = await RememberedAsync("last");

        Assert.That(await FetchesAsync(() => UseAsync([.. issued[..5], .. issued[6..], last])), Is.Zero);
    }

    [Test]
    public async Task What_is_asked_for_again_takes_no_second_place()
    {
        var issued = await RememberManyAsync(Room);

        for (var i = 0; i < Room; i++)
        {
            await Node.Manager.AuthAsync(issued[0].Token, null, authoritative: true, Token);
        }

        Assert.That(await FetchesAsync(() => UseAsync(issued)), Is.Zero);
    }

    [Test]
    public async Task After_a_gap_of_the_feed_there_is_room_again()
    {
        await RememberManyAsync(Room);
        Node.Feed.ConnectedAgain();

        var issued = await RememberManyAsync(Room);

        Assert.That(await FetchesAsync(() => UseAsync(issued)), Is.Zero);
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

        Assert.That(node.Fetches, Is.EqualTo(3));
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Cache?.MaxSessions = Room;
    }

    private async Task<IssuedSession[]> RememberManyAsync(int count)
    {
        var issued = new List<IssuedSession>();
        for (var i = 0; i < count; i++)
        {
            issued.Add(await RememberedAsync($"user {i}"));
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
