using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_sweep_deletes_what_expired_as_long_ago_as_clocks_may_differ()
    {
        await RequireSweepAsync();
        var session = await CreateAsync(Samples.Create());
        var visitor = await CreateAsync(Samples.Create(userKey: null));
        var alive = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromDays(1)));

        Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion - s_millisecond;
        Assert.That(await SweepAsync(1000), Is.Empty);
        await AssertDuplicateAsync(Samples.Create() with { Id = session.Id }, null);

        Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion;
        Assert.That(await SweepAsync(1000), Is.EquivalentTo([session, visitor]));
        await AssertStoredAsync(alive);
        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        await AssertNoRecordAsync(session);
        await AssertNoRecordAsync(visitor);
    }

    [Test]
    public async Task A_sweep_of_nothing_deletes_nothing()
    {
        await RequireSweepAsync();

        Assert.That(await SweepAsync(1), Is.Empty);
    }

    [Test]
    public async Task A_sweep_deletes_no_more_than_its_limit()
    {
        await RequireSweepAsync();
        await CreateManyAsync(5);
        Clock.UtcNow += TimeSpan.FromDays(1);

        Assert.That(await SweepAsync(2), Has.Count.EqualTo(2));
        Assert.That(await SweepAsync(2), Has.Count.EqualTo(2));
        Assert.That(await SweepAsync(2), Has.Count.EqualTo(1));
        Assert.That(await SweepAsync(2), Is.Empty);
    }

    [Test]
    public async Task A_sweep_deletes_a_thousand()
    {
        await RequireSweepAsync();
        await CreateManyAsync(1000);
        Clock.UtcNow += TimeSpan.FromDays(1);

        Assert.That(await SweepAsync(1000), Has.Count.EqualTo(1000));
        Assert.That(await SweepAsync(1000), Is.Empty);
    }

    [Test]
    public async Task A_sweep_does_not_delete_a_session_that_slid()
    {
        await RequireSweepAsync();
        var touched = await CreateAsync(Samples.Create());
        var authenticated = await CreateAsync(Samples.Create());
        var touch = Touch(touched, TimeSpan.FromHours(2));
        await Store.TouchAsync([touch], Token);
        var end = new Reauthentication
        {
            At = Clock.UtcNow,
            Method = "pwd",
            ExpiresAt = touch.ExpiresAt,
            EndsAt = touch.ExpiresAt,
        };
        await Store.UpdateAsync(authenticated.Id, new SessionPatch { Reauthentication = end }, Token);

        Clock.UtcNow = touched.ExpiresAt + ClockTolerance.Deletion;
        Assert.That(await SweepAsync(1000), Is.Empty);
        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(2));

        Clock.UtcNow = touch.ExpiresAt + ClockTolerance.Deletion;
        Assert.That(await SweepAsync(1000), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_sweep_that_is_called_again_while_it_deletes_as_many_as_it_may_leaves_nothing_behind()
    {
        await RequireSweepAsync();
        var sessions = await CreateManyAsync(20);
        var slid = sessions.Where((_, i) => i % 3 != 2).ToArray();
        await Store.TouchAsync([.. slid.Select(session => Touch(session, TimeSpan.FromHours(2)))], Token);
        Clock.UtcNow = sessions[0].ExpiresAt + ClockTolerance.Deletion;

        var (total, deleted) = (0, 0);
        do
        {
            deleted = (await SweepAsync(2)).Count;
            total += deleted;
        } while (deleted == 2);

        Assert.That(total, Is.EqualTo(sessions.Length - slid.Length));
        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(slid.Length));
    }

    [Test]
    public async Task A_sweep_returns_what_it_deleted_as_it_was_last_stored()
    {
        await RequireSweepAsync();
        var session = await CreateAsync(Samples.CreateFull());
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("colour", "green") };
        var patched = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;
        var touch = Touch(patched, TimeSpan.FromHours(2));
        await Store.TouchAsync([touch], Token);
        Clock.UtcNow = touch.ExpiresAt + ClockTolerance.Deletion;

        AssertSame((await SweepAsync(1000)).Single(), touch.ApplyTo(patched));
    }

    [Test]
    public async Task A_sweep_that_was_cancelled_before_deletes_nothing()
    {
        await RequireSweepAsync();
        await CreateManyAsync(2);
        Clock.UtcNow += TimeSpan.FromDays(1);

        await AssertCancelledAsync(async () => await Store.DeleteExpiredAsync(1000, s_cancelled));

        Assert.That(await SweepAsync(1000), Has.Count.EqualTo(2));
    }

    private async Task RequireSweepAsync()
    {
        if (await Store.DeleteExpiredAsync(1, Token) is null)
        {
            Assert.Ignore("This store is not swept: its backend deletes what has expired by itself.");
        }
    }

    private async Task<IReadOnlyList<Session>> SweepAsync(int maxCount) => (await Store.DeleteExpiredAsync(maxCount, Token))!;
}
