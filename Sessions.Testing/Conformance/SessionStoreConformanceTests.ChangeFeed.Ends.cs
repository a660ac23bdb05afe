using NUnit.Framework;

namespace Sessions.Testing;

/// <content>What the change feed publishes of sessions that end.</content>
public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_deletion_is_published_as_an_end()
    {
        var user = await CreateAsync(Samples.Create());
        var visitor = await CreateAsync(Samples.Create(userKey: null));

        await AssertPublishedAsync(user.Id, SessionChangeKind.Ended, async () => await Store.DeleteAsync(user.Id, Token));
        await AssertPublishedAsync(visitor.Id, SessionChangeKind.Ended, async () => await Store.DeleteAsync(visitor.Id, Token));
    }

    [Test]
    public async Task A_deletion_by_a_node_whose_clock_is_ahead_is_published_too()
    {
        _ = RequireFeed();
        var ahead = await AddNodeAsync(SampleSessions.Lifetime * 2);
        var (first, second) = (await CreateAsync(Samples.Create()), await CreateAsync(Samples.Create()));

        await AssertPublishedAsync(first.Id, SessionChangeKind.Ended, async () => await ahead.DeleteAsync(first.Id, Token));
        await AssertPublishedAsync(second.Id, SessionChangeKind.Ended, async () => await ahead.DeleteAllAsync("ann", null, Token));
    }

    [Test]
    public async Task Delete_all_publishes_every_session_but_the_spared_one()
    {
        _ = RequireFeed();
        var sessions = await CreateManyAsync(5);
        var other = await CreateAsync(Samples.Create("bob"));
        var spared = sessions[2].Id;

        await AssertPublishedAsync(
            sessions.Where(session => session.Id != spared).Select(Ended),
            async () => await Store.DeleteAllAsync("ann", spared, Token)
        );
        await AssertPublishedAsync(spared, SessionChangeKind.Ended, async () => await Store.DeleteAllAsync("ann", null, Token));
        await AssertStoredAsync(other);
    }

    [Test]
    public async Task Delete_all_of_thousands_publishes_each()
    {
        _ = RequireFeed();
        var sessions = await CreateManyAsync(2500);

        await AssertPublishedAsync(sessions.Select(Ended), async () => await Store.DeleteAllAsync("ann", null, Token));
    }

    [Test]
    public async Task Delete_by_tag_publishes_every_session()
    {
        _ = RequireFeed();
        var sessions = await CreateTaggedAsync("ann", "bob", null);

        await AssertPublishedAsync(sessions.Select(Ended), async () => await Store.DeleteByTagAsync(s_tag, Token));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_session_that_is_replaced_is_published_as_an_end(bool hasLimit)
    {
        var session = await CreateAsync(Samples.Create());

        await AssertPublishedAsync(
            session.Id,
            SessionChangeKind.Ended,
            async () => await Store.CreateAsync(Samples.Create(), hasLimit ? EvictLimit(9) : null, session.Id, Token)
        );
    }

    [Test]
    public async Task A_deletion_that_leaves_a_marker_is_published_as_an_end()
    {
        var session = await CreateAsync(Samples.Create());

        await AssertPublishedAsync(
            session.Id,
            SessionChangeKind.Ended,
            async () => await Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token)
        );
    }

    [Test]
    public async Task What_a_limit_ends_is_published()
    {
        _ = RequireFeed();
        var sessions = await CreateManyAsync(4);
        var next = CreatedLater(Samples.Create(), sessions.Length);

        await AssertPublishedAsync(
            sessions[..2].Select(Ended),
            async () => await Store.CreateAsync(next, new() { Max = 3, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token)
        );
    }
}
