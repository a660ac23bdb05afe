using NUnit.Framework;

namespace Sessions.Testing;

/// <content>Which sessions count for a limit.</content>
public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task Bearer_sessions_and_all_others_are_counted_apart(SessionLimitPolicy policy)
    {
        var limit = new SessionLimit { Max = 2, Policy = policy };
        var browsers = await CreateManyAsync(2);
        var bearers = new[]
        {
            CreatedLater(Samples.Create(), 8) with
            {
                IsBearer = true,
            },
            CreatedLater(Samples.Create(), 9) with
            {
                IsBearer = true,
            },
        };
        foreach (var bearer in bearers)
        {
            Assert.That(await EvictAsync(bearer, limit), Is.Empty);
        }

        if (policy == SessionLimitPolicy.Refuse)
        {
            await AssertRefusedAsync(Samples.Create(), limit);
            await AssertRefusedAsync(Samples.Create() with { IsBearer = true }, limit);
            Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([.. browsers, .. bearers]));
        }
        else
        {
            Assert.That(await EvictAsync(Samples.Create(), limit), Is.EqualTo(browsers[..1]));
            Assert.That(await EvictAsync(Samples.Create() with { IsBearer = true }, limit), Is.EqualTo(bearers[..1]));
        }
    }

    [Test]
    public async Task A_new_session_that_has_expired_already_counts_and_is_stored()
    {
        var sessions = await CreateManyAsync(2);
        var expired = Samples.Create(lifetime: TimeSpan.Zero);

        await AssertRefusedAsync(expired, RefuseLimit(2));
        Assert.That(await EvictAsync(expired, EvictLimit(2)), Is.EqualTo(sessions[..1]));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions[1..]));
        await AssertDuplicateAsync(expired, null);
    }

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public async Task Visitors_have_no_limit(SessionLimitPolicy policy)
    {
        var visitors = new[] { Samples.Create(userKey: null), Samples.Create(userKey: null), Samples.Create(userKey: null) };
        foreach (var visitor in visitors)
        {
            Assert.That(await EvictAsync(visitor, new() { Max = 1, Policy = policy }), Is.Empty);
        }

        foreach (var visitor in visitors)
        {
            await AssertStoredAsync(visitor);
        }
    }

    [Test]
    public async Task Sessions_of_others_do_not_count()
    {
        var others = new[] { Samples.Create("Ann"), Samples.Create("bob"), Samples.Create(userKey: null) };
        foreach (var other in others)
        {
            await CreateAsync(other);
        }

        Assert.That(await EvictAsync(Samples.Create(), RefuseLimit(1)), Is.Empty);
        Assert.That(await EvictAsync(Samples.Create(), EvictLimit(1)), Has.Count.EqualTo(1));
        foreach (var other in others)
        {
            await AssertStoredAsync(other);
        }
    }
}
