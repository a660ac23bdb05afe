using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static SessionLimit EvictOldestLimit(int max) => new() { Max = max, Policy = SessionLimitPolicy.EndOldest };

    private static SessionLimit RefuseLimit(int max) => new() { Max = max, Policy = SessionLimitPolicy.Refuse };

    [TestCase(SessionLimitPolicy.EndOldest)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task Up_to_the_limit_nothing_is_ended_or_refused(SessionLimitPolicy policy)
    {
        var sessions = Enumerable.Range(0, 3).Select(i => CreatedLater(Samples.Create(), i)).ToArray();
        foreach (var session in sessions)
        {
            Assert.That(await Store.CreateAsync(session, new() { Max = 3, Policy = policy }, Token), Is.Empty);
        }

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task One_too_many_ends_the_oldest()
    {
        var sessions = await CreateManyAsync(3);
        var last = CreatedLater(Samples.Create(), 3);

        var ended = await Store.CreateAsync(last, EvictOldestLimit(3), Token);

        Assert.That(ended, Is.EqualTo([sessions[0]]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sessions[1], sessions[2], last]));
        await AssertNoRecordAsync(sessions[0]);
    }

    [Test]
    public async Task A_lower_limit_ends_as_many_as_it_takes_and_returns_them_oldest_first()
    {
        var sessions = await CreateManyAsync(7);
        var last = CreatedLater(Samples.Create(), 7);

        var ended = await Store.CreateAsync(last, EvictOldestLimit(3), Token);

        Assert.That(ended, Is.EqualTo(sessions[..5]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([.. sessions[5..], last]));
    }

    [Test]
    public async Task A_limit_of_one_ends_all_but_the_new_session_of_a_thousand()
    {
        var sessions = await CreateManyAsync(1000);
        var last = CreatedLater(Samples.Create(), 1000);

        Assert.That(await Store.CreateAsync(last, EvictOldestLimit(1), Token), Is.EqualTo(sessions));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([last]));
    }

    [Test]
    public async Task Of_sessions_of_one_instant_those_with_the_lower_ids_count_as_older()
    {
        var sessions = Enumerable.Range(0, 20).Select(_ => Samples.Create()).OrderBy(session => session.Id).ToArray();
        foreach (var session in sessions.Reverse())
        {
            await CreateAsync(session);
        }

        Assert.That(await Store.CreateAsync(CreatedLater(Samples.Create(), 1), EvictOldestLimit(11), Token), Is.EqualTo(sessions[..10]));
    }

    [Test]
    public async Task The_new_session_is_never_ended_even_if_it_began_before_all_others()
    {
        var sessions = await CreateManyAsync(3);
        var early = CreatedLater(Samples.Create(), -1000);

        var ended = await Store.CreateAsync(early, EvictOldestLimit(2), Token);

        Assert.That(ended, Is.EqualTo(sessions[..2]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([early, sessions[2]]));
    }

    [Test]
    public async Task Sessions_that_a_limit_ended_are_returned_as_they_were_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change"), LastClient = Samples.NewClient() };
        var changed = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;

        var ended = await Store.CreateAsync(CreatedLater(Samples.Create(), 1), EvictOldestLimit(1), Token);

        AssertSame(ended.Single(), changed);
    }

    [Test]
    public async Task At_the_limit_another_session_is_refused_and_nothing_is_changed()
    {
        var sessions = await CreateManyAsync(3);
        var refused = Samples.Create();

        await AssertRefusedAsync(refused, RefuseLimit(3));
        await AssertRefusedAsync(refused, RefuseLimit(2));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
        await AssertNoRecordAsync(refused);
    }

    [Test]
    public async Task A_deleted_session_makes_room()
    {
        var sessions = await CreateManyAsync(3);
        await Store.DeleteAsync(sessions[1].Id, Token);

        await Assert.ThatAsync(async () => await Store.CreateAsync(Samples.Create(), RefuseLimit(3), Token), Throws.Nothing);
    }

    [TestCase(SessionLimitPolicy.EndOldest)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task An_expired_session_does_not_count(SessionLimitPolicy policy)
    {
        var expiring = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        var other = await CreateAsync(CreatedLater(Samples.Create(), 1));
        Clock.UtcNow = expiring.ExpiresAt;
        var last = Samples.Create();

        Assert.That(await Store.CreateAsync(last, new() { Max = 2, Policy = policy }, Token), Is.Empty);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([other, last]));
    }

    [Test]
    public async Task A_session_counts_until_the_instant_of_its_expiry()
    {
        var expiring = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        Clock.UtcNow = expiring.ExpiresAt - s_millisecond;

        await AssertRefusedAsync(Samples.Create(), RefuseLimit(1));
        Assert.That(await Store.CreateAsync(Samples.Create(), EvictOldestLimit(1), Token), Is.EqualTo([expiring]));
    }

    [TestCase(SessionLimitPolicy.EndOldest)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task Visitors_have_no_limit(SessionLimitPolicy policy)
    {
        var visitors = new[] { Samples.Create(userKey: null), Samples.Create(userKey: null), Samples.Create(userKey: null) };
        foreach (var visitor in visitors)
        {
            Assert.That(await Store.CreateAsync(visitor, new() { Max = 1, Policy = policy }, Token), Is.Empty);
        }

        foreach (var visitor in visitors)
        {
            await AssertStoredAsync(visitor);
        }
    }

    [Test]
    public async Task Sessions_of_others_do_not_count()
    {
        var others = new[] { Samples.Create("Ann"), Samples.Create("bob"), Samples.Create(userKey: null) };
        foreach (var other in others)
        {
            await CreateAsync(other);
        }

        Assert.That(await Store.CreateAsync(Samples.Create(), RefuseLimit(1), Token), Is.Empty);
        Assert.That(await Store.CreateAsync(Samples.Create(), EvictOldestLimit(1), Token), Has.Count.EqualTo(1));
        foreach (var other in others)
        {
            await AssertStoredAsync(other);
        }
    }

    private async Task AssertRefusedAsync(Session session, SessionLimit limit)
    {
        try
        {
            await Store.CreateAsync(session, limit, Token);
        }
        catch (SessionLimitException e)
        {
            Assert.That(e.Limit, Is.EqualTo(limit));
            return;
        }

        Assert.Fail("The limit is reached, but the session was created.");
    }
}
