using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <content>Sessions that count for a limit, or replace another.</content>
public sealed partial class RedisInsertBatcherTests
{
    [Test]
    public async Task Sessions_under_a_limit_that_no_user_has_reached_are_created_with_one_script()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var connection = await ConnectAsync(proxy.Endpoint);
        Session[] sessions = [_samples.Create(), _samples.Create("bob"), _samples.Create("bob"), _samples.Create(null), _samples.Create()];
        await CreateBeforeAsync(connection);
        proxy.ClearCommands();

        var creating = CreateWithin(new() { Max = 2 }, sessions);
        _connecting.SetResult(connection);

        Assert.That(await Task.WhenAll(creating), Is.All.EqualTo(new SessionCreation()));
        Assert.That(proxy.Commands, Is.EqualTo(["EVALSHA", "EVALSHA"]));
        await AssertStoredAsync(sessions);
    }

    [Test]
    public async Task Of_a_batch_those_whose_user_is_at_the_limit_are_created_alone_and_the_limit_holds()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var connection = await ConnectAsync(proxy.Endpoint);
        var others = await CreateBeforeAsync(connection, "bob", "bob", "cyd", "cyd");
        var (first, bob, cyd, eve) = (_samples.Create(), _samples.Create("bob"), _samples.Create("cyd"), _samples.Create("eve"));
        var taken = others[3] with { IsPersistent = true };
        proxy.ClearCommands();

        var creating = CreateWithin(new() { Max = 2 }, first, bob);
        var refusing = CreateWithin(new() { Max = 2, Policy = SessionLimitPolicy.Refuse }, cyd, taken, eve);
        _connecting.SetResult(connection);

        Assert.That((await creating[1]).Evicted, Is.EqualTo([others.Take(2).MinBy(static one => one.Id)]));
        Assert.That(async () => await refusing[0], Throws.TypeOf<SessionLimitException>());
        Assert.That(async () => await refusing[1], Throws.TypeOf<DuplicateSessionException>());
        Assert.That(await refusing[2], Is.EqualTo(new SessionCreation()));
        Assert.That(proxy.Commands, Is.EqualTo(Enumerable.Repeat("EVALSHA", 1 + 1 + 3)));
        Assert.That(await _store.FetchAllAsync("bob", default), Has.Count.EqualTo(2).And.Member(bob));
        Assert.That(await _store.FetchAllAsync("cyd", default), Is.EquivalentTo(others[2..]));
        await AssertStoredAsync(first, eve);
    }

    [Test]
    public async Task Those_of_one_user_who_passes_the_limit_in_a_batch_end_each_other()
    {
        await using var server = await RedisProcess.StartAsync();
        using var connection = await ConnectAsync(server.Endpoint);
        var before = await CreateBeforeAsync(connection, "bob");
        Session[] sessions = [_samples.Create(), .. Enumerable.Range(0, 6).Select(_ => _samples.Create("bob"))];

        var creating = CreateWithin(new() { Max = 3 }, sessions);
        _connecting.SetResult(connection);

        var ended = (await Task.WhenAll(creating)).SelectMany(static creation => creation.Evicted).ToList();
        var live = await _store.FetchAllAsync("bob", default);
        Assert.That(live, Has.Count.EqualTo(3));
        Assert.That(ended.Concat(live), Is.EquivalentTo(before.Concat(sessions[1..])));
    }

    [Test]
    public async Task One_that_replaces_another_is_sent_at_once_beside_the_batch()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        using var connection = await ConnectAsync(proxy.Endpoint);
        var replaced = (await CreateBeforeAsync(connection, "bob"))[0];
        Session[] sessions = [_samples.Create(), _samples.Create("cyd"), _samples.Create("cyd"), _samples.Create("bob")];
        proxy.ClearCommands();

        var creating = CreateWithin(new() { Max = 5 }, sessions[..3]);
        var replacing = _store.CreateAsync(sessions[3], new() { Max = 1 }, replaced.Id, default).AsTask();
        _connecting.SetResult(connection);
        await Task.WhenAll(creating);

        Assert.That((await replacing).Replaced, Is.EqualTo(replaced));
        Assert.That((await replacing).Evicted, Is.Empty);
        Assert.That(proxy.Commands, Is.EqualTo(Enumerable.Repeat("EVALSHA", 3)));
        await AssertStoredAsync(sessions);
    }

    /// <summary>Sessions that are there before, each of a user.</summary>
    private async Task<List<Session>> CreateBeforeAsync(StackExchange.Redis.IConnectionMultiplexer connection, params string[] users)
    {
        using var store = new RedisSessionStore(new() { Connection = connection }, _clock);
        var sessions = users.Select(user => _samples.Create(user)).ToList();
        foreach (var session in sessions)
        {
            await store.CreateAsync(session, null, default);
        }

        // So that the server knows the script.
        await store.CreateAsync(_samples.Create("other"), new() { Max = 5 }, default);
        return sessions;
    }
}
