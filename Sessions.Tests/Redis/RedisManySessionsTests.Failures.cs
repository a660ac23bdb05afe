using System.Globalization;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Redis;

/// <content>What a deletion leaves that failed between two steps.</content>
public sealed partial class RedisManySessionsTests
{
    [Test]
    public async Task What_a_deletion_left_that_failed_is_alive_and_listed_and_ends_with_the_next_call()
    {
        var left = await FailToDeleteAsync();
        var newcomer = await CreateOneAsync();

        Assert.That(await _store.FetchAllAsync("ann", default), Is.EquivalentTo(left.Append(newcomer)));
        Assert.That(await WalkAsync(), Is.EquivalentTo(left.Append(newcomer)));
        Assert.That(await _store.FetchSessionAsync(left[0].Id, default), Is.EqualTo(left[0]));
        Assert.That(await _store.DeleteAllAsync("ann", newcomer.Id, default), Is.EquivalentTo(left));
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EqualTo([newcomer]));
    }

    [TestCase(1, false)]
    [TestCase(1, true)]
    [TestCase(Step + 1, false)]
    [TestCase(Step + 1, true)]
    public async Task A_session_that_a_deletion_left_that_failed_can_be_spared_and_ends_with_the_same_call(int newcomers, bool isUsed)
    {
        var left = await FailToDeleteAsync();
        var spared = left[3];
        if (isUsed)
        {
            await _store.TouchAsync([CreateTouch(spared)], default);
            spared = (await _store.FetchSessionAsync(spared.Id, default))!;
        }

        for (var i = 0; i < 2; i++)
        {
            var later = await CreateAsync(newcomers);
            var expected = i == 0 ? later.Concat(left).Where(one => one.Id != spared.Id) : later;
            Assert.That(await _store.DeleteAllAsync("ann", spared.Id, default), Is.EquivalentTo(expected));
            Assert.That(await _store.FetchAllAsync("ann", default), Is.EqualTo([spared]));
        }

        Assert.That(await _store.DeleteAllAsync("ann", null, default), Is.EqualTo([spared]));
        Assert.That(await _store.FetchAllAsync("ann", default), Is.Empty);
        Assert.That((await _server.CallAsync("KEYS", "*:s:*")).Items, Is.Empty);
    }

    [Test]
    public async Task A_spared_session_that_is_no_longer_alive_ends_nothing_of_what_was_left()
    {
        var left = await FailToDeleteAsync();
        await _store.DeleteAsync(left[0].Id, default);

        Assert.That(await _store.DeleteAllAsync("ann", left[0].Id, default), Is.Null);

        Assert.That(await _store.FetchAllAsync("ann", default), Is.EquivalentTo(left.Skip(1)));
    }

    [Test]
    public async Task Where_the_spared_session_ends_between_two_steps_the_caller_learns_of_those_that_ended_and_no_other_does()
    {
        var left = await FailToDeleteAsync();
        var newcomer = await CreateOneAsync();
        var (proxy, store) = await OpenProxyAsync();
        var deleting = await HoldAfterFirstScriptAsync(proxy, () => store.DeleteAllAsync("ann", left[0].Id, default).AsTask());
        await _store.DeleteAsync(left[0].Id, default);

        proxy.ReleaseResponses();

        Assert.That(
            async () => await deleting,
            Throws
                .TypeOf<IncompleteDeletionException>()
                .With.Property("Deleted")
                .EquivalentTo(left.Skip(1))
                .And.Message.Contains("to spare")
        );
        Assert.That(await _store.FetchAllAsync("ann", default), Is.EqualTo([newcomer]));
    }

    [Test]
    public async Task What_a_deletion_left_that_failed_counts_for_the_limit_and_makes_room()
    {
        var left = await FailToDeleteAsync();
        await _store.TouchAsync([CreateTouch(left[0])], default);
        await CreateAsync(10);
        var limit = new SessionLimit { Max = Left + 10 };

        Assert.That(
            async () => await _store.CreateAsync(_samples.Create(), limit with { Policy = SessionLimitPolicy.Refuse }, default),
            Throws.TypeOf<SessionLimitException>()
        );
        var creation = await _store.CreateAsync(_samples.Create(), limit with { Max = Left }, default);

        Assert.That(creation.Evicted, Has.Count.EqualTo(11).And.No.Member(left[0]));
        Assert.That(await _store.FetchAllAsync("ann", default), Has.Count.EqualTo(Left));
    }

    [TestCase(10, 1)]
    [TestCase(1, 10)]
    public async Task What_a_deletion_left_that_failed_is_ended_as_long_as_it_lives(int hoursLeft, int hoursLater)
    {
        var left = await FailToDeleteAsync(TimeSpan.FromHours(hoursLeft));
        await CreateAsync(Step + 1, TimeSpan.FromHours(hoursLater));

        await _store.DeleteAllAsync("ann", left[0].Id, default);

        var ttl = long.Parse((await _server.CallAsync("PTTL", await FindKeyAsync("*:e:*"))).Text!, CultureInfo.InvariantCulture);
        Assert.That(TimeSpan.FromMilliseconds(ttl), Is.GreaterThan(TimeSpan.FromHours(hoursLeft)));
    }
}
