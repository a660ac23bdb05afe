using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_session_that_a_new_one_replaces_ends_leaves_its_marker_and_is_returned(bool hasLimit)
    {
        var session = await CreateAsync(Samples.CreateFull());
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change") };
        var changed = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;
        var next = Samples.CreateFull();

        var creation = await Store.CreateAsync(next, hasLimit ? EvictLimit(9) : null, session.Id, Token);

        AssertSame(creation.Replaced, changed);
        Assert.That(creation.Evicted, Is.Empty);
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([next]));
        await AssertStoredAsync(next);
    }

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task A_session_that_is_replaced_does_not_count_for_the_limit(SessionLimitPolicy policy)
    {
        var sessions = await CreateManyAsync(3);
        var next = CreatedLater(Samples.Create(), 3);

        var creation = await Store.CreateAsync(next, new() { Max = 3, Policy = policy }, sessions[2].Id, Token);

        AssertSame(creation.Replaced, sessions[2]);
        Assert.That(creation.Evicted, Is.Empty);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sessions[0], sessions[1], next]));
    }

    [Test]
    public async Task A_session_can_be_replaced_where_others_are_ended_by_the_limit()
    {
        var sessions = await CreateManyAsync(4);
        var next = CreatedLater(Samples.Create(), 4);

        var creation = await Store.CreateAsync(next, EvictLimit(2), sessions[0].Id, Token);

        AssertSame(creation.Replaced, sessions[0]);
        Assert.That(creation.Evicted, Is.EqualTo(sessions[1..3]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sessions[3], next]));
        Assert.That(await Store.FetchAsync(sessions[1].Id, Token), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task A_session_of_the_other_kind_can_be_replaced()
    {
        var session = await CreateAsync(Samples.Create());

        var creation = await Store.CreateAsync(Samples.Create() with { IsBearer = true }, RefuseLimit(1), session.Id, Token);

        AssertSame(creation.Replaced, session);
    }

    [Test]
    public async Task A_session_of_another_user_or_a_visitor_is_not_replaced()
    {
        Session[] others =
        [
            await CreateAsync(Samples.Create("Ann")),
            await CreateAsync(Samples.Create("bob")),
            await CreateAsync(Samples.Create(userKey: null)),
            await CreateAsync(Samples.Create(userKey: null) with { Id = Samples.NewId("ann") }),
        ];
        foreach (var other in others)
        {
            Assert.That((await Store.CreateAsync(Samples.Create(), null, other.Id, Token)).Replaced, Is.Null);
            Assert.That((await Store.CreateAsync(Samples.Create(userKey: null), null, other.Id, Token)).Replaced, Is.Null);
            Assert.That((await Store.CreateAsync(Samples.Create(), EvictLimit(1), other.Id, Token)).Replaced, Is.Null);
            await AssertStoredAsync(other);
        }
    }

    [Test]
    public async Task A_session_that_is_unknown_has_ended_or_has_expired_is_not_replaced()
    {
        var expired = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        var marker = await CreateMarkerAsync();
        var unknown = Samples.Create();
        Clock.UtcNow = expired.ExpiresAt;

        foreach (var other in new[] { expired, marker, unknown })
        {
            Assert.That((await Store.CreateAsync(Samples.Create(), null, other.Id, Token)).Replaced, Is.Null);
            Assert.That((await Store.CreateAsync(Samples.Create(), EvictLimit(9), other.Id, Token)).Replaced, Is.Null);
        }

        Assert.That(await Store.FetchAsync(expired.Id, Token), Is.EqualTo(default(SessionLookup)));
        Assert.That(await Store.FetchAsync(marker.Id, Token), Is.EqualTo(s_replaced));
        await AssertNoRecordAsync(unknown);
    }

    [Test]
    public async Task A_session_does_not_replace_itself()
    {
        var session = Samples.Create();

        Assert.That((await Store.CreateAsync(session, EvictLimit(1), session.Id, Token)).Replaced, Is.Null);

        await AssertStoredAsync(session);
        await AssertDuplicateAsync(session, EvictLimit(1), replaces: session.Id);
        await AssertStoredAsync(session);
    }

    [Test]
    public async Task A_refused_session_and_one_whose_id_is_taken_replace_nothing()
    {
        var sessions = await CreateManyAsync(3);
        var refused = Samples.Create();

        await Assert.ThatAsync(
            async () => await Store.CreateAsync(refused, RefuseLimit(2), sessions[0].Id, Token),
            Throws.TypeOf<SessionLimitException>()
        );
        await AssertDuplicateAsync(Samples.Create() with { Id = sessions[1].Id }, null, replaces: sessions[0].Id);
        await AssertDuplicateAsync(Samples.Create() with { Id = sessions[1].Id }, EvictLimit(1), replaces: sessions[0].Id);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
        await AssertNoRecordAsync(refused);
    }
}
