using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_deleted_session_is_returned_and_gone()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var other = await CreateAsync(Samples.Create());

        AssertSame(await Store.DeleteAsync(session.Id, Token), session);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([other]));
        await AssertNoRecordAsync(session);
    }

    [Test]
    public async Task A_deleted_session_is_returned_as_it_was_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change"), LastClient = Samples.NewClient() };
        var stored = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;

        AssertSame(await Store.DeleteAsync(session.Id, Token), stored);
    }

    [Test]
    public async Task A_session_of_a_visitor_is_deleted()
    {
        var visitor = await CreateAsync(Samples.Create(userKey: null));

        AssertSame(await Store.DeleteAsync(visitor.Id, Token), visitor);
        await AssertNoRecordAsync(visitor);
    }

    [Test]
    public async Task Deleting_what_is_unknown_returns_null()
    {
        var session = await CreateAsync(Samples.Create());

        Assert.That(await Store.DeleteAsync(Samples.NewId("ann"), Token), Is.Null);
        await AssertStoredAsync(session);
    }

    [Test]
    public async Task Deleting_again_returns_null()
    {
        var session = await CreateAsync(Samples.Create());
        await Store.DeleteAsync(session.Id, Token);

        Assert.That(await Store.DeleteAsync(session.Id, Token), Is.Null);
    }

    [Test]
    public async Task The_record_of_an_expired_session_is_deleted_but_not_returned()
    {
        var session = await CreateAsync(Samples.Create());
        Clock.UtcNow = session.ExpiresAt;

        Assert.That(await Store.DeleteAsync(session.Id, Token), Is.Null);
        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        await AssertNoRecordAsync(session);
    }

    [Test]
    public async Task A_session_is_returned_by_delete_until_the_instant_of_its_expiry()
    {
        var session = await CreateAsync(Samples.Create());
        Clock.UtcNow = session.ExpiresAt - s_millisecond;

        AssertSame(await Store.DeleteAsync(session.Id, Token), session);
    }
}
