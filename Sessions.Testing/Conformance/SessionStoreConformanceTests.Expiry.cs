using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task Until_the_instant_of_its_expiry_a_session_is_fetched_and_listed()
    {
        var session = await CreateAsync(Samples.CreateFull());
        Clock.UtcNow = session.ExpiresAt - s_millisecond;

        await AssertStoredAsync(session);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([session]));
    }

    [Test]
    public async Task From_the_instant_of_its_expiry_a_session_is_neither_fetched_nor_listed()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var other = await CreateAsync(Samples.Create());
        foreach (var instant in new[] { session.ExpiresAt, session.ExpiresAt + s_millisecond, session.ExpiresAt + ClockTolerance.Deletion })
        {
            Clock.UtcNow = instant;

            await AssertGoneAsync(session.Id);
            Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([other]));
        }
    }

    [Test]
    public async Task Until_the_instant_of_its_expiry_a_session_is_updated()
    {
        var session = await CreateAsync(Samples.CreateFull());
        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        var patch = FullPatch(session);

        await AssertAppliedAsync(await Store.UpdateAsync(session.Id, patch, Token), patch.ApplyTo(session).Session!);
    }

    [Test]
    public async Task From_the_instant_of_its_expiry_a_session_is_not_updated_or_brought_back()
    {
        var session = await CreateAsync(Samples.CreateFull());
        Clock.UtcNow = session.ExpiresAt;

        Assert.That(await Store.UpdateAsync(session.Id, FullPatch(session), Token), Is.EqualTo(SessionUpdate.Gone));

        await AssertGoneAsync(session.Id);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [Test]
    public async Task A_session_of_a_visitor_expires_like_any_other()
    {
        var visitor = await CreateAsync(Samples.Create(userKey: null));
        Clock.UtcNow = visitor.ExpiresAt - s_millisecond;
        await AssertStoredAsync(visitor);

        Clock.UtcNow = visitor.ExpiresAt;
        await AssertGoneAsync(visitor.Id);
    }

    [Test]
    public async Task A_clock_that_runs_ahead_for_a_while_destroys_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var visitor = await CreateAsync(Samples.Create(userKey: null) with { ExpiresAt = session.ExpiresAt });
        var now = Clock.UtcNow;
        Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion - s_millisecond;

        await AssertGoneAsync(session.Id);
        await Store.FetchAllAsync("ann", Token);
        await Store.TouchAsync([Touch(session, TimeSpan.FromHours(1)), Touch(visitor, TimeSpan.FromHours(1))], Token);
        await Store.UpdateAsync(session.Id, FullPatch(session), Token);
        await Store.DeleteAllAsync("ann", session.Id, Token);
        var other = Samples.Create();
        await Store.CreateAsync(other, EvictLimit(1), Token);
        await Store.DeleteExpiredAsync(1000, Token);

        Clock.UtcNow = now;
        await AssertStoredAsync(session);
        await AssertStoredAsync(visitor);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([session, other]));
    }
}
