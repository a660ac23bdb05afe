using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task Of_two_that_take_one_value_one_gets_it()
    {
        var id = (await Manager.InitAsync("ann", new SessionInit { Values = SessionValues.Empty.Set("flash", "hello") }, Token)).Session.Id;

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await Manager.TakeValueAsync(id, "flash", Token)))
        );

        Assert.That(taken.Where(value => value is not null), Is.EqualTo(["hello"]));
        Assert.That((await Store.FetchSessionAsync(id, Token))!.Values, Is.Empty);
    }

    [Test]
    public async Task Patches_of_different_keys_at_once_all_win()
    {
        var id = (await Manager.InitAsync("ann", cancellationToken: Token)).Session.Id;

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => Task.Run(async () => await Manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set($"key {i}", i), Token)))
        );

        var values = (await Store.FetchSessionAsync(id, Token))!.Values;
        Assert.That(values.ToDictionary(), Is.EquivalentTo(Enumerable.Range(0, 20).ToDictionary(i => $"key {i}", i => $"{i}")));
    }

    [Test]
    public async Task Of_two_conditional_patches_that_expect_the_same_one_wins()
    {
        var id = (await Manager.InitAsync("ann", cancellationToken: Token)).Session.Id;
        var patch = ValuesPatch.Empty.Expect("lock", null).Set("lock", "taken");

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await Manager.UpdateValuesAsync(id, patch, Token)).Outcome))
        );

        Assert.That(outcomes.Count(outcome => outcome == SessionUpdateOutcome.Applied), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome == SessionUpdateOutcome.Conflict), Is.EqualTo(7));
    }

    [Test]
    public async Task Values_over_the_limit_are_refused_and_nothing_is_lost()
    {
        var manager = NewManager(o => o.MaxValuesBytes = 10);
        var id = (await manager.InitAsync("ann", new SessionInit { Values = SessionValues.Empty.Set("key", "seven b") }, Token)).Session.Id;

        var update = await manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set("k", ""), Token);

        Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.TooLarge));
        Assert.That((await Store.FetchSessionAsync(id, Token))!.Values, Is.EqualTo(SessionValues.Empty.Set("key", "seven b")));
        Assert.That(
            async () => await manager.InitAsync("ann", new SessionInit { Values = SessionValues.Empty.Set("key", "eight by") }, Token),
            Throws.ArgumentException
        );
    }

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task Sixty_four_parallel_sign_ins_never_leave_more_than_the_limit(SessionLimitPolicy policy)
    {
        var manager = NewManager(o => (o.MaxSessionsPerUser, o.LimitPolicy) = (3, policy));

        var issued = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => TryInitAsync(manager))));

        var live = await Store.FetchAllAsync("ann", Token);
        Assert.That(live, Has.Count.EqualTo(3));
        Assert.That(issued.Count(one => one is not null), Is.EqualTo(policy == SessionLimitPolicy.Refuse ? 3 : 64));
    }

    [Test]
    public async Task A_limit_never_ends_the_newest()
    {
        var manager = NewManager(o => o.MaxSessionsPerUser = 2);
        for (var i = 0; i < 5; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            var newest = await manager.InitAsync("ann", cancellationToken: Token);
            Assert.That((await manager.AuthAsync(newest.Token, null, Token)).IsAccepted);
        }

        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(2));
    }

    private static async Task<IssuedSession?> TryInitAsync(SessionManager manager)
    {
        try
        {
            return await manager.InitAsync("ann", cancellationToken: Token);
        }
        catch (SessionLimitException)
        {
            return null;
        }
    }
}
