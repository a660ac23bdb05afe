using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static SessionLimit EvictLimit(int max) => new() { Max = max, Policy = SessionLimitPolicy.EndLeastRecentlyUsed };

    private static SessionLimit RefuseLimit(int max) => new() { Max = max, Policy = SessionLimitPolicy.Refuse };

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task Up_to_the_limit_nothing_is_ended_or_refused(SessionLimitPolicy policy)
    {
        var sessions = Enumerable.Range(0, 3).Select(i => CreatedLater(Samples.Create(), i)).ToArray();
        foreach (var session in sessions)
        {
            Assert.That(await EvictAsync(session, new() { Max = 3, Policy = policy }), Is.Empty);
        }

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task One_too_many_of_equal_last_use_ends_the_earliest_created()
    {
        var sessions = await CreateManyAsync(3);
        var last = CreatedLater(Samples.Create(), 3);

        var ended = await EvictAsync(last, EvictLimit(3));

        Assert.That(ended, Is.EqualTo([sessions[0]]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sessions[1], sessions[2], last]));
        await AssertNoRecordAsync(sessions[0]);
    }

    [Test]
    public async Task A_lower_limit_ends_as_many_as_it_takes()
    {
        var sessions = await CreateManyAsync(7);
        var last = CreatedLater(Samples.Create(), 7);

        var ended = await EvictAsync(last, EvictLimit(3));

        Assert.That(ended, Is.EqualTo(sessions[..5]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([.. sessions[5..], last]));
    }

    [Test]
    public async Task A_limit_of_one_ends_all_but_the_new_session_of_a_thousand()
    {
        var sessions = await CreateManyAsync(1000);
        var last = CreatedLater(Samples.Create(), 1000);

        Assert.That(await EvictAsync(last, EvictLimit(1)), Is.EqualTo(sessions));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([last]));
    }

    [Test]
    public async Task Of_sessions_of_one_instant_those_with_the_lower_ids_are_ended()
    {
        var sessions = Enumerable.Range(0, 20).Select(_ => Samples.Create()).OrderBy(session => session.Id).ToArray();
        foreach (var session in sessions.Reverse())
        {
            await CreateAsync(session);
        }

        Assert.That(await EvictAsync(CreatedLater(Samples.Create(), 1), EvictLimit(11)), Is.EqualTo(sessions[..10]));
    }

    [Test]
    public async Task The_new_session_is_never_ended_even_if_it_was_used_before_all_others()
    {
        var sessions = await CreateManyAsync(3);
        var early = CreatedLater(Samples.Create(), -1000) with { LastSeenAt = Clock.UtcNow.AddSeconds(-1) };

        var ended = await EvictAsync(early, EvictLimit(2));

        Assert.That(ended, Is.EqualTo(sessions[..2]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([early, sessions[2]]));
    }

    [Test]
    public async Task One_too_many_ends_the_least_recently_used()
    {
        var sessions = await CreateManyAsync(4);
        await Store.TouchAsync(
            [
                Touch(sessions[0], TimeSpan.FromMinutes(3)),
                Touch(sessions[1], TimeSpan.FromMinutes(1)),
                Touch(sessions[2], TimeSpan.FromMinutes(4)),
                Touch(sessions[3], TimeSpan.FromMinutes(2)),
            ],
            Token
        );

        var ended = await EvictAsync(CreatedLater(Samples.Create(), 4), EvictLimit(3));

        Assert.That(ended.Select(session => session.Id), Is.EqualTo([sessions[1].Id, sessions[3].Id]), "The least recently used first.");
        Assert.That(
            (await Store.FetchAllAsync("ann", Token)).Take(2).Select(session => session.Id),
            Is.EqualTo([sessions[0].Id, sessions[2].Id])
        );
    }

    [Test]
    public async Task Sessions_that_a_limit_ended_are_returned_as_they_were_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change"), LastClient = Samples.NewClient() };
        var changed = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;

        var ended = await EvictAsync(CreatedLater(Samples.Create(), 1) with { IsBearer = true }, EvictLimit(1));

        AssertSame(ended.Single(), changed);
    }

    [Test]
    public async Task At_the_limit_another_session_is_refused_and_nothing_is_changed()
    {
        var sessions = await CreateManyAsync(3);
        var refused = Samples.Create();

        await AssertRefusedAsync(refused, RefuseLimit(3));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions), "A refused session is not stored.");
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

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task An_expired_session_does_not_count(SessionLimitPolicy policy)
    {
        var expiring = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        var other = await CreateAsync(CreatedLater(Samples.Create(), 1));
        Clock.UtcNow = expiring.ExpiresAt;
        var last = Samples.Create();

        Assert.That(await EvictAsync(last, new() { Max = 2, Policy = policy }), Is.Empty);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([other, last]));
    }

    [Test]
    public async Task A_session_counts_until_the_instant_of_its_expiry()
    {
        var expiring = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        Clock.UtcNow = expiring.ExpiresAt - s_millisecond;

        await AssertRefusedAsync(Samples.Create(), RefuseLimit(1));
        Assert.That(await EvictAsync(Samples.Create(), EvictLimit(1)), Is.EqualTo([expiring]));
    }

    private async Task<IReadOnlyList<Session>> EvictAsync(Session session, SessionLimit limit) =>
        (await Store.CreateAsync(session, limit, Token)).Evicted;

    private Task AssertRefusedAsync(Session session, SessionLimit limit) =>
        Assert.ThatAsync(
            async () => await Store.CreateAsync(session, limit, Token),
            Throws.TypeOf<SessionLimitException>().With.Property(nameof(SessionLimitException.Limit)).EqualTo(limit),
            "The limit is reached."
        );
}
