using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static readonly CancellationToken s_cancelled = new(canceled: true);

    [Test]
    public async Task A_create_that_was_cancelled_before_stores_and_ends_nothing()
    {
        var sessions = await CreateManyAsync(2);
        var session = Samples.Create();

        await AssertCancelledAsync(async () => await Store.CreateAsync(session, EvictLimit(1), s_cancelled));
        await AssertCancelledAsync(async () => await Store.CreateAsync(session, null, sessions[0].Id, s_cancelled));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
        await AssertNoRecordAsync(session);
    }

    [Test]
    public async Task A_read_that_was_cancelled_before_returns_nothing()
    {
        var session = await CreateAsync(Samples.Create());

        await AssertCancelledAsync(async () => await Store.FetchSessionAsync(session.Id, s_cancelled));
        await AssertCancelledAsync(async () => await Store.FetchSessionAsync(Samples.NewId("ann"), s_cancelled));
        await AssertCancelledAsync(async () => await Store.FetchAllAsync("ann", s_cancelled));
        await AssertCancelledAsync(async () => await Store.FetchAllAsync("stranger", s_cancelled));
        await AssertCancelledAsync(async () => await Store.FetchByTagAsync(s_tag, s_cancelled));
    }

    [Test]
    public async Task An_update_that_was_cancelled_before_changes_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertCancelledAsync(async () => await Store.UpdateAsync(session.Id, FullPatch(session), s_cancelled));
        await AssertCancelledAsync(async () => await Store.UpdateAsync(Samples.NewId("ann"), new SessionPatch(), s_cancelled));

        await AssertStoredAsync(session);
    }

    [Test]
    public async Task A_touch_that_was_cancelled_before_changes_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertCancelledAsync(async () => await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(1))], s_cancelled));
        await AssertCancelledAsync(async () => await Store.TouchAsync([], s_cancelled));

        await AssertStoredAsync(session);
    }

    [Test]
    public async Task A_delete_that_was_cancelled_before_deletes_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertCancelledAsync(async () => await Store.DeleteAsync(session.Id, s_cancelled));
        await AssertCancelledAsync(async () => await Store.DeleteAsync(Samples.NewId("ann"), s_cancelled));

        await AssertStoredAsync(session);
    }

    [Test]
    public async Task A_delete_all_that_was_cancelled_before_deletes_nothing()
    {
        var sessions = await CreateManyAsync(2);

        await AssertCancelledAsync(async () => await Store.DeleteAllAsync("ann", null, s_cancelled));
        await AssertCancelledAsync(async () => await Store.DeleteAllAsync("ann", sessions[0].Id, s_cancelled));
        await AssertCancelledAsync(async () => await Store.DeleteAllAsync("stranger", null, s_cancelled));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_delete_by_tag_that_was_cancelled_before_deletes_nothing()
    {
        var sessions = await CreateTaggedAsync("ann", null);

        await AssertCancelledAsync(async () => await Store.DeleteByTagAsync(s_tag, s_cancelled));
        await AssertCancelledAsync(async () => await Store.DeleteByTagAsync(s_otherTag, s_cancelled));

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo(sessions));
    }

    private static Task AssertCancelledAsync(Func<Task> call) => Assert.ThatAsync(call, Throws.InstanceOf<OperationCanceledException>());
}
