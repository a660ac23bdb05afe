using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task Delete_all_ends_every_session_of_a_user_and_returns_them_oldest_first()
    {
        var sessions = await CreateManyAsync(20);

        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.EqualTo(sessions));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        foreach (var session in sessions)
        {
            await AssertNoRecordAsync(session);
        }
    }

    [Test]
    public async Task Delete_all_returns_sessions_of_one_instant_in_order_of_id()
    {
        var sessions = Enumerable.Range(0, 50).Select(_ => Samples.Create()).OrderBy(session => session.Id).ToArray();
        foreach (var session in sessions.Reverse())
        {
            await CreateAsync(session);
        }

        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task Delete_all_ends_a_thousand_sessions()
    {
        var sessions = await CreateManyAsync(1000);

        Assert.That(await Store.DeleteAllAsync("ann", sessions[500].Id, Token), Is.EqualTo(sessions.Where((_, i) => i != 500)));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sessions[500]]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Delete_all_ends_more_than_a_thousand_sessions(bool sparing)
    {
        var sessions = await CreateManyAsync(2345);
        var spared = sparing ? sessions[1234] : null;
        var yours = await CreateAsync(Samples.Create("bob"));

        Assert.That(await Store.DeleteAllAsync("ann", spared?.Id, Token), Is.EqualTo(sessions.Where(session => session != spared)));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(spared is null ? [] : new[] { spared }));
        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Has.Count.EqualTo(sparing ? 1 : 0));
        await AssertStoredAsync(yours);
        await AssertNoRecordAsync(sessions[0]);
        await AssertNoRecordAsync(sessions[^1]);
    }

    [Test]
    public async Task With_an_exception_that_is_not_alive_none_of_more_than_a_thousand_sessions_is_deleted()
    {
        var sessions = await CreateManyAsync(1100);

        Assert.That(await Store.DeleteAllAsync("ann", Samples.NewId("ann"), Token), Is.Null);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task Delete_all_returns_sessions_as_they_were_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change"), LastClient = Samples.NewClient() };
        var stored = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;

        AssertSame((await Store.DeleteAllAsync("ann", null, Token))!.Single(), stored);
    }

    [Test]
    public async Task Delete_all_of_an_unknown_user_returns_an_empty_list()
    {
        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.Not.Null.And.Empty);
    }

    [Test]
    public async Task Delete_all_again_returns_an_empty_list()
    {
        await CreateManyAsync(3);
        await Store.DeleteAllAsync("ann", null, Token);

        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.Not.Null.And.Empty);
    }

    [Test]
    public async Task Delete_all_does_not_change_sessions_of_other_users()
    {
        await CreateManyAsync(3);
        var yours = await CreateAsync(Samples.Create("bob"));
        var visitor = await CreateAsync(Samples.Create(userKey: null));

        await Store.DeleteAllAsync("ann", null, Token);

        await AssertStoredAsync(yours);
        await AssertStoredAsync(visitor);
    }

    [Test]
    public async Task After_delete_all_a_user_begins_anew()
    {
        await CreateManyAsync(3);
        await Store.DeleteAllAsync("ann", null, Token);

        var session = await CreateAsync(Samples.Create());

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([session]));
    }

    [Test]
    public async Task Delete_all_spares_the_exception()
    {
        var sessions = await CreateManyAsync(5);

        Assert.That(await Store.DeleteAllAsync("ann", sessions[2].Id, Token), Is.EqualTo(sessions.Where((_, i) => i != 2)));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sessions[2]]));
    }

    [Test]
    public async Task Delete_all_but_the_only_session_ends_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        Assert.That(await Store.DeleteAllAsync("ann", session.Id, Token), Is.Not.Null.And.Empty);
        await AssertStoredAsync(session);
    }

    [Test]
    public async Task With_an_exception_that_is_unknown_nothing_is_deleted()
    {
        var sessions = await CreateManyAsync(3);
        var gone = await CreateAsync(Samples.Create());
        await Store.DeleteAsync(gone.Id, Token);

        Assert.That(await Store.DeleteAllAsync("ann", gone.Id, Token), Is.Null);
        Assert.That(await Store.DeleteAllAsync("ann", Samples.NewId("ann"), Token), Is.Null);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
        Assert.That(await Store.DeleteAllAsync("stranger", Samples.NewId("stranger"), Token), Is.Null);
    }

    [Test]
    public async Task With_an_exception_of_another_user_nothing_is_deleted()
    {
        var sessions = await CreateManyAsync(3);
        var yours = await CreateAsync(Samples.Create("bob"));
        var visitor = await CreateAsync(Samples.Create(userKey: null) with { Id = Samples.NewId("ann") });

        Assert.That(await Store.DeleteAllAsync("ann", yours.Id, Token), Is.Null);
        Assert.That(await Store.DeleteAllAsync("ann", visitor.Id, Token), Is.Null);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
        await AssertStoredAsync(yours);
        await AssertStoredAsync(visitor);
    }

    [Test]
    public async Task With_an_exception_that_has_expired_nothing_is_deleted()
    {
        var sessions = await CreateManyAsync(3);
        var expired = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        Clock.UtcNow = expired.ExpiresAt;

        Assert.That(await Store.DeleteAllAsync("ann", expired.Id, Token), Is.Null);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));

        Clock.UtcNow = expired.ExpiresAt - s_millisecond;
        Assert.That(await Store.DeleteAllAsync("ann", expired.Id, Token), Is.EqualTo(sessions));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Delete_all_deletes_expired_records_too_but_does_not_return_them(bool sparing)
    {
        var expired = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        var sessions = await CreateManyAsync(2);
        Clock.UtcNow = expired.ExpiresAt;

        var ended = await Store.DeleteAllAsync("ann", sparing ? sessions[1].Id : null, Token);

        Assert.That(ended, Is.EqualTo(sparing ? sessions[..1] : sessions));
        Clock.UtcNow = expired.ExpiresAt - s_millisecond;
        await AssertNoRecordAsync(expired);
    }
}
