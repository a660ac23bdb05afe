using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_created_session_is_fetched()
    {
        var session = await CreateAsync(Samples.Create());

        await AssertStoredAsync(session);
    }

    [Test]
    public async Task A_created_session_of_a_visitor_is_fetched()
    {
        var session = await CreateAsync(Samples.CreateFull(userKey: null));

        await AssertStoredAsync(session);
    }

    [Test]
    public async Task Without_a_limit_a_user_has_any_number_of_sessions()
    {
        var sessions = await CreateManyAsync(1000);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_taken_id_is_refused_and_nothing_is_changed()
    {
        var first = await CreateAsync(Samples.CreateFull());

        await AssertDuplicateAsync(Samples.CreateFull() with { Id = first.Id }, null);

        await AssertStoredAsync(first);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([first]));
    }

    [Test]
    public async Task An_id_that_a_visitor_has_is_refused_to_a_user()
    {
        var visitor = await CreateAsync(Samples.Create(userKey: null) with { Id = Samples.NewId("ann") });

        await AssertDuplicateAsync(Samples.Create() with { Id = visitor.Id }, null);

        await AssertStoredAsync(visitor);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [Test]
    public async Task An_id_that_a_user_has_is_refused_to_a_visitor()
    {
        var session = await CreateAsync(Samples.Create());

        await AssertDuplicateAsync(Samples.Create(userKey: null) with { Id = session.Id }, null);

        await AssertStoredAsync(session);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([session]));
    }

    [Test]
    public async Task An_id_stays_taken_while_the_record_of_an_expired_session_is_there()
    {
        var session = await CreateAsync(Samples.Create());
        Clock.UtcNow = session.ExpiresAt;
        await AssertDuplicateAsync(Samples.Create() with { Id = session.Id }, null);

        // Until then no store and no sweep may have deleted the record.
        Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion - s_millisecond;
        await AssertDuplicateAsync(Samples.Create() with { Id = session.Id }, null);

        await AssertGoneAsync(session.Id);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task A_taken_id_goes_before_a_limit_that_is_reached(SessionLimitPolicy policy)
    {
        var sessions = await CreateManyAsync(2);

        await AssertDuplicateAsync(Samples.Create() with { Id = sessions[1].Id }, new() { Max = 1, Policy = policy });
        await AssertDuplicateAsync(Samples.Create() with { Id = sessions[1].Id }, new() { Max = 2, Policy = policy });

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_session_that_has_expired_when_it_is_created_is_not_found()
    {
        var session = await CreateAsync(Samples.Create(lifetime: TimeSpan.Zero));

        await AssertGoneAsync(session.Id);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        await AssertStoredAsync(session);
    }

    private Task AssertDuplicateAsync(Session session, SessionLimit? limit, SessionId? replaces = null) =>
        Assert.ThatAsync(
            async () => await Store.CreateAsync(session, limit, replaces, Token),
            Throws.TypeOf<DuplicateSessionException>().With.Property(nameof(DuplicateSessionException.Id)).EqualTo(session.Id),
            "The id is taken."
        );
}
