using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(40);

    [Test]
    public async Task What_one_node_writes_every_node_reads()
    {
        var other = await AddNodeAsync(TimeSpan.Zero);
        var session = await CreateAsync(Samples.CreateFull());
        AssertSame(await other.FetchSessionAsync(session.Id, Token), session);

        var patch = FullPatch(session);
        var changed = (await other.UpdateAsync(session.Id, patch, Token)).Session!;
        await AssertStoredAsync(changed);
        Assert.That(await other.FetchAllAsync("ann", Token), Is.EqualTo([changed]));

        AssertSame(await other.DeleteAsync(session.Id, Token), changed);
        await AssertGoneAsync(session.Id);
    }

    [Test]
    public async Task A_node_whose_clock_is_40_minutes_ahead_ends_no_session_early()
    {
        var ahead = await AddNodeAsync(s_clockSkew);
        var session = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(30)));
        Assert.That(await ahead.FetchSessionAsync(session.Id, Token), Is.Null);
        Assert.That(await ahead.FetchAllAsync("ann", Token), Is.Empty);

        await ahead.TouchAsync([Touch(session, TimeSpan.FromHours(1))], Token);
        Assert.That(await ahead.UpdateAsync(session.Id, FullPatch(session), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await ahead.DeleteAllAsync("ann", session.Id, Token), Is.Null);
        var other = Samples.Create(lifetime: TimeSpan.FromHours(2));
        Assert.That((await ahead.CreateAsync(other, EvictLimit(1), Token)).Evicted, Is.Empty);
        await ahead.DeleteAsync(other.Id, Token);

        await AssertStoredAsync(session);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([session]));
    }

    [Test]
    public async Task A_node_whose_clock_is_40_minutes_ahead_hides_no_session_from_delete_all()
    {
        var ahead = await AddNodeAsync(s_clockSkew);
        var hidden = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(30)));
        var seen = await CreateAsync(CreatedLater(Samples.Create(lifetime: TimeSpan.FromHours(2)), 1));
        await ahead.FetchAllAsync("ann", Token);
        await ahead.CreateAsync(Samples.Create(), null, Token);

        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Has.Count.EqualTo(3));
        await AssertNoRecordAsync(hidden);
        await AssertNoRecordAsync(seen);
    }

    [Test]
    public async Task Delete_by_tag_on_a_node_whose_clock_is_40_minutes_ahead_leaves_nothing_behind()
    {
        var ahead = await AddNodeAsync(s_clockSkew);
        var hidden = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(30)) with { Tags = [s_tag] });
        var seen = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromHours(2)) with { Tags = [s_tag] });
        await ahead.FetchByTagAsync(s_tag, Token);

        Assert.That(await ahead.DeleteByTagAsync(s_tag, Token), Is.EqualTo([seen]));

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.Empty);
        await AssertNoRecordAsync(hidden);
    }

    [Test]
    public async Task Delete_all_on_a_node_whose_clock_is_40_minutes_ahead_leaves_nothing_behind()
    {
        var ahead = await AddNodeAsync(s_clockSkew);
        var hidden = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(30)));
        var seen = await CreateAsync(CreatedLater(Samples.Create(lifetime: TimeSpan.FromHours(2)), 1));
        var spared = await CreateAsync(CreatedLater(Samples.Create(lifetime: TimeSpan.FromHours(2)), 2));

        Assert.That(await ahead.DeleteAllAsync("ann", spared.Id, Token), Is.EqualTo([seen]));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([spared]));
        await AssertNoRecordAsync(hidden);
    }
}
