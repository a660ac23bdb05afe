using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_list_that_a_caller_changes_is_the_callers_own()
    {
        var sessions = await CreateManyAsync(3);

        Mutate(await Store.FetchAllAsync("ann", Token));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_list_that_a_caller_holds_stays_as_it_was()
    {
        var sessions = await CreateManyAsync(3);
        var held = await Store.FetchAllAsync("ann", Token);

        await CreateAsync(Samples.Create());
        await Store.DeleteAsync(sessions[0].Id, Token);
        await PatchAsync(sessions[1], patch => patch.Set("a", "1"));

        Assert.That(held, Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_session_that_a_caller_holds_stays_as_it_was()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var held = await Store.FetchSessionAsync(session.Id, Token);

        await Store.UpdateAsync(session.Id, FullPatch(session), Token);
        await Store.TouchAsync([Touch(session, TimeSpan.FromHours(5))], Token);

        AssertSame(held, session);
    }

    [Test]
    public async Task Empty_lists_are_not_shared_in_a_way_that_a_caller_can_change()
    {
        Mutate(await Store.FetchAllAsync("ann", Token), Samples.Create());
        Mutate((await Store.DeleteAllAsync("ann", null, Token))!, Samples.Create());
        Mutate((await Store.CreateAsync(Samples.Create("bob"), null, Token)).Evicted, Samples.Create());
        Mutate(await Store.FetchByTagAsync(Samples.NewTag(), Token), Samples.Create());
        Mutate(await Store.DeleteByTagAsync(Samples.NewTag(), Token), Samples.Create());

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.Empty);
        Assert.That((await Store.CreateAsync(Samples.Create("carl"), null, Token)).Evicted, Is.Empty);
        Assert.That(await Store.FetchByTagAsync(Samples.NewTag(), Token), Is.Empty);
        Assert.That(await Store.DeleteByTagAsync(Samples.NewTag(), Token), Is.Empty);
    }

    [Test]
    public async Task Touches_are_not_changed_and_may_be_used_again()
    {
        var sessions = await CreateManyAsync(3);
        var touches = sessions.Reverse().Append(sessions[1]).Select((session, i) => Touch(session, TimeSpan.FromMinutes(9 - i))).ToArray();
        var copy = touches.ToArray();

        await Store.TouchAsync(touches, Token);

        Assert.That(touches, Is.EqualTo(copy));
        var touched = await Store.FetchAllAsync("ann", Token);
        touches.AsSpan().Fill(Touch(sessions[0], TimeSpan.FromDays(1)));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(touched));
    }

    private static void Mutate(IReadOnlyList<Session> list, Session? extra = null)
    {
        if (list is not IList<Session> { IsReadOnly: false } open)
        {
            // An array says that it is read-only, but its places are not.
            (list as Session[])
                ?.AsSpan()
                .Clear();
            return;
        }

        open.Clear();
        if (extra is not null)
        {
            open.Add(extra);
        }
    }
}
