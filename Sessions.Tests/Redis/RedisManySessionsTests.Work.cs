using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <content>How much of a server's time one script takes, by the server's own log: it answers no other call meanwhile.</content>
public sealed partial class RedisManySessionsTests
{
    // The index stands in a call beside the sessions, and a page ends with the last of a few that share a place in the server's table.
    private const int MostArguments = Step + 50;

    [Test]
    public async Task No_script_handles_more_than_a_thousand_sessions()
    {
        var tag = new SessionTag { Name = "tenant", Value = "a" };
        var sessions = await CreateAsync((3 * Step) + 1);
        var tagged = new List<Session>();
        while (tagged.Count < Step + 500)
        {
            tagged.Add(await CreateOneAsync([tag]));
        }

        await using var log = await RedisCommandLog.StartAsync(_server);
        Assert.That(await _store.FetchAllAsync("ann", default), Has.Count.EqualTo(sessions.Count + tagged.Count));
        Assert.That(await WalkAsync(), Has.Count.EqualTo(sessions.Count + tagged.Count));
        await _store.TouchAsync([.. sessions.Select(CreateTouch)], default);
        Assert.That(await _store.FetchByTagAsync(tag, default), Has.Count.EqualTo(tagged.Count));
        Assert.That(await _store.DeleteByTagAsync(tag, default), Has.Count.EqualTo(tagged.Count));
        await _store.CreateAsync(_samples.Create(), new() { Max = sessions.Count + 1 }, sessions[0].Id, default);
        Assert.That(await _store.DeleteAllAsync("ann", sessions[^1].Id, default), Has.Count.EqualTo(sessions.Count - 1));

        var scripts = await log.StopAsync();
        Assert.That(
            scripts.SelectMany(static script => script).Select(static command => command.Name),
            Has.Member("ZSCAN").And.Member("RENAME").And.Member("SETRANGE")
        );
        // A session stands in two indexes, and a touch has two arguments beside its key.
        (string, int)[] most = [("MGET", 1), ("UNLINK", 1), ("ZREM", 2), ("GET", 1), ("SETRANGE", 3), ("PUBLISH", 1)];
        foreach (var (name, arguments) in most)
        {
            Assert.That(scripts.Select(script => CountArguments(script, name)), Is.All.LessThanOrEqualTo(arguments * MostArguments), name);
        }

        Assert.That(scripts.Sum(static script => CountArguments(script, "UNLINK")), Is.EqualTo(sessions.Count - 1 + tagged.Count));
        // Nothing reads a whole index.
        Assert.That(
            scripts.SelectMany(static script => script).Select(static command => command.Text),
            Has.None.Match("""^"ZRANGE" .* "0" "-1"$""")
        );
        Assert.That(log.Commands, Has.Member("ZSCAN").And.No.Member("ZRANGE"));
    }

    [Test]
    public async Task A_sign_in_reads_no_other_session_while_the_user_is_below_the_limit()
    {
        var sessions = await CreateAsync(Step - 1);
        var limit = new SessionLimit { Max = Step };
        // So that the server knows the scripts.
        await _store.CreateAsync(_samples.Create("bob"), limit, default);
        await using var log = await RedisCommandLog.StartAsync(_server);

        var replacing = await _store.CreateAsync(_samples.Create(), limit, sessions[0].Id, default);
        await _store.CreateAsync(_samples.Create(), limit, default);
        var evicting = await _store.CreateAsync(_samples.Create(), limit, default);

        Assert.That(replacing.Replaced, Is.EqualTo(sessions[0]));
        Assert.That(evicting.Evicted, Has.Count.EqualTo(1));
        var read = (await log.StopAsync()).Select(static script => CountArguments(script, "MGET"));
        // The one that it replaces and the index; none; all and the index.
        Assert.That(read, Is.EqualTo([2, 0, Step + 1]));
    }

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task A_user_who_is_far_over_a_new_limit_is_brought_down_to_it_a_thousand_at_a_time(SessionLimitPolicy policy)
    {
        var sessions = await CreateAsync((2 * Step) + 500);
        var gone = await CreateAsync(Step + 200, TimeSpan.FromMinutes(1));
        var prefix = (await FindKeyAsync($"*:s:{gone[0].Id}"))[..^SessionId.Length];
        await _server.CallAsync(["DEL", .. gone.Select(one => $"{prefix}{one.Id}")]);
        _clock.Advance(TimeSpan.FromMinutes(10));
        var used = sessions[..5];
        await _store.TouchAsync([.. used.Select(one => CreateTouch(one) with { LastSeenAt = _clock.GetUtcNow() })], default);
        var limit = new SessionLimit { Max = 20, Policy = policy };
        var (replaced, newcomer) = (sessions[7], _samples.Create());
        await using var log = await RedisCommandLog.StartAsync(_server);

        var creating = _store.CreateAsync(newcomer, limit, replaced.Id, default).AsTask();

        if (policy == SessionLimitPolicy.Refuse)
        {
            Assert.That(async () => await creating, Throws.TypeOf<SessionLimitException>());
            Assert.That(await _store.FetchAllAsync("ann", default), Has.Count.EqualTo(sessions.Count));
            return;
        }

        var creation = await creating;
        var live = await _store.FetchAllAsync("ann", default);
        Assert.That(live, Has.Count.EqualTo(limit.Max));
        Assert.That(live.Select(IdOf), Is.SupersetOf(used.Append(newcomer).Select(IdOf)));
        Assert.That(creation.Replaced, Is.EqualTo(replaced));
        Assert.That(creation.Evicted.Concat(live).Select(IdOf), Is.EquivalentTo(sessions.Append(newcomer).Except([replaced]).Select(IdOf)));
        Assert.That(creation.Evicted, Is.Ordered.Using<Session>(SessionOrder.LeastRecentlyUsedFirst));
        foreach (var script in await log.StopAsync())
        {
            Assert.That(CountArguments(script, "MGET"), Is.LessThanOrEqualTo(MostArguments));
            Assert.That(CountArguments(script, "UNLINK"), Is.LessThanOrEqualTo(Step));
        }
    }

    [Test]
    public async Task What_has_expired_leaves_the_index_of_a_tag_a_part_at_a_time()
    {
        var tag = new SessionTag { Name = "tenant", Value = "a" };
        for (var i = 0; i < 150; i++)
        {
            await CreateOneAsync([tag]);
        }

        _clock.Advance(TimeSpan.FromDays(31));
        await using var log = await RedisCommandLog.StartAsync(_server);

        await CreateOneAsync([tag]);
        await CreateOneAsync([tag]);

        var removed = (await log.StopAsync()).Select(static script => CountArguments(script, "ZREM")).Where(static count => count > 0);
        // The index itself stands in each call.
        Assert.That(removed, Is.EqualTo([100 + 1, 50 + 1]));
    }
}
