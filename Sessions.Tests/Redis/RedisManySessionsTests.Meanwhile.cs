using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Redis;

/// <content>What other calls do between two steps.</content>
public sealed partial class RedisManySessionsTests
{
    [Test]
    public async Task What_happens_to_a_user_whose_sessions_are_ending_is_not_undone_and_nothing_new_ends()
    {
        var tag = new SessionTag { Name = "tenant", Value = "a" };
        var sessions = await CreateAsync(Step + 500);
        sessions.Add(await CreateOneAsync([tag]));
        var (proxy, store) = await OpenProxyAsync();
        var (replaced, touched, deleted, updated, tagged) = (sessions[0], sessions[1], sessions[2], sessions[3], sessions[^1]);
        var deleting = await HoldAfterFirstScriptAsync(proxy, () => store.DeleteAllAsync("ann", null, default).AsTask());

        var (newcomer, later) = (_samples.Create(), _samples.Create());
        var creation = await _store.CreateAsync(newcomer, null, replaced.Id, default);
        await _store.CreateAsync(later, null, default);
        await _store.TouchAsync([CreateTouch(touched)], default);
        Assert.That(await _store.DeleteAsync(deleted.Id, SessionMarker.Replaced, default), Is.EqualTo(deleted));
        Assert.That(
            (await _store.UpdateAsync(updated.Id, CreateReauthentication(), default)).Outcome,
            Is.EqualTo(SessionUpdateOutcome.Applied)
        );
        Assert.That(await _store.DeleteByTagAsync(tag, default), Is.EqualTo([tagged]));
        Assert.That(await _store.FetchAllAsync("ann", default), Has.Count.EqualTo(sessions.Count - 3 + 2));
        Assert.That(await WalkAsync(), Has.Count.EqualTo(sessions.Count - 3 + 2));
        proxy.ReleaseResponses();

        var ended = await deleting;
        Assert.That(creation.Replaced, Is.EqualTo(replaced));
        Assert.That(ended!.Select(IdOf), Is.EquivalentTo(sessions.Except([replaced, deleted, tagged]).Select(IdOf)));
        Assert.That((await _store.FetchAsync(replaced.Id, default)).Marker, Is.EqualTo(SessionMarker.Replaced));
        Assert.That((await _store.FetchAsync(deleted.Id, default)).Marker, Is.EqualTo(SessionMarker.Replaced));
        Assert.That(
            (await _store.UpdateAsync(updated.Id, CreateReauthentication(), default)).Outcome,
            Is.EqualTo(SessionUpdateOutcome.Gone)
        );
        Assert.That((await _store.FetchAllAsync("ann", default)).Select(IdOf), Is.EquivalentTo([newcomer.Id, later.Id]));
        Assert.That((await _server.CallAsync("ZCARD", await FindKeyAsync("*:u:*"))).Text, Is.EqualTo("2"));
    }

    [Test]
    public async Task A_deletion_ends_nothing_of_a_later_one()
    {
        var first = await CreateAsync(Step + 1);
        var (slowProxy, slow) = await OpenProxyAsync();
        var slowly = await HoldAfterFirstScriptAsync(slowProxy, () => slow.DeleteAllAsync("ann", null, default).AsTask());
        Assert.That(await _store.DeleteAllAsync("ann", null, default), Is.EquivalentTo(first), "The other one takes over what it finds.");
        var second = await CreateAsync(Step + 1);
        var (laterProxy, later) = await OpenProxyAsync();
        var deletingLater = await HoldAfterFirstScriptAsync(laterProxy, () => later.DeleteAllAsync("ann", null, default).AsTask());

        slowProxy.ReleaseResponses();
        Assert.That(await slowly, Is.Empty);
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EquivalentTo(second));

        laterProxy.ReleaseResponses();
        Assert.That(await deletingLater, Is.EquivalentTo(second));
    }

    [Test]
    public async Task A_list_that_is_being_read_has_the_session_that_a_deletion_spares()
    {
        var sessions = await CreateAsync(2 * Step);
        var (proxy, store) = await OpenProxyAsync();
        var listing = await HoldAfterFirstScriptAsync(proxy, () => store.FetchAllAsync("ann", default).AsTask());
        Assert.That(await _store.DeleteAllAsync("ann", sessions[^1].Id, default), Has.Count.EqualTo(sessions.Count - 1));
        // Enough that the index is a table again, in which a cursor of the old one means nothing.
        var later = await CreateAsync(500);

        proxy.ReleaseResponses();

        Assert.That(await listing, Is.EquivalentTo(later.Append(sessions[^1])));
    }

    [Test]
    public async Task A_deletion_that_spares_a_session_leaves_it_to_another_that_is_ending_it()
    {
        var sessions = await CreateAsync(Step + 500);
        var (proxy, store) = await OpenProxyAsync();
        var deleting = await HoldAfterFirstScriptAsync(proxy, () => store.DeleteAllAsync("ann", null, default).AsTask());
        var second = await CreateAsync(Step + 1);

        var ended = await _store.DeleteAllAsync("ann", sessions[7].Id, default);

        Assert.That(ended, Is.EquivalentTo(sessions.Concat(second).Except([sessions[7]])));
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EqualTo([sessions[7]]));
        var third = await CreateAsync(3);
        proxy.ReleaseResponses();
        Assert.That(await deleting, Is.EqualTo([sessions[7]]));
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EquivalentTo(third));
    }

    [Test]
    public async Task The_indexes_live_as_long_as_what_a_deletion_spares()
    {
        var lasting = TimeSpan.FromHours(10);
        var kept = (await CreateAsync(1, lasting))[0];
        await CreateAsync(Step + 1);

        await _store.DeleteAllAsync("ann", kept.Id, default);

        Assert.That(
            long.Parse((await _server.CallAsync("PTTL", await FindKeyAsync("*:u:*"))).Text!),
            Is.GreaterThan(lasting.TotalMilliseconds)
        );
    }

    private SessionPatch CreateReauthentication()
    {
        var now = _clock.GetUtcNow();
        return new()
        {
            Reauthentication = new()
            {
                At = now,
                ExpiresAt = now.AddDays(1),
                EndsAt = now.AddDays(40),
            },
        };
    }
}
