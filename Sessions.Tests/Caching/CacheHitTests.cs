using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>How long is remembered, whether or not there is a feed.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class CacheHitTests(bool hasFeed) : CacheTestBase
{
    private protected override bool HasFeed => hasFeed;

    [Test]
    public async Task What_was_fetched_a_moment_ago_is_answered_from_the_cache()
    {
        var ann = await SignInCachedAsync();

        var fetches = await CountFetchesAsync(async () =>
        {
            var verdict = await Node.AuthAsync(ann.Token, Token);
            Assert.That(verdict.Session, Is.EqualTo(ann.Session));
        });

        Assert.That(fetches, Is.Zero);
    }

    [Test]
    public async Task The_same_session_is_handed_out_and_not_a_copy_for_each_request()
    {
        var ann = await SignInCachedAsync();

        var first = (await Node.AuthAsync(ann.Token, Token)).Session;

        Assert.That((await Node.AuthAsync(ann.Token, Token)).Session, Is.SameAs(first));
    }

    [Test]
    public async Task Until_the_last_millisecond_of_its_staleness_it_is_cached()
    {
        var ann = await SignInCachedAsync();

        Node.Advance(MaxStaleness - Millisecond);

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }

    [Test]
    public async Task After_the_maximum_staleness_an_unpublished_end_is_visible()
    {
        var ann = await SignInCachedAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);

        Node.Advance(MaxStaleness - Millisecond);
        var before = await AuthAsync(ann.Token);
        Node.Advance(Millisecond);

        Assert.That(before, Is.EqualTo(SessionRejection.None), "That is what MaxStaleness says.");
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task Being_used_makes_nothing_younger()
    {
        var ann = await SignInCachedAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);

        for (var second = 0; second < 29; second++)
        {
            Node.Advance(TimeSpan.FromSeconds(1));
            await AssertAcceptedAsync(ann.Token);
        }

        Node.Advance(TimeSpan.FromSeconds(1));
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task The_age_counts_from_the_question_and_not_from_the_answer()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var asked = AuthAsync(ann.Token);
        await held.Arrived;
        await DeleteUnpublishedAsync(ann.Session.Id);
        Node.Advance(MaxStaleness - Millisecond);
        held.Release();
        await asked;

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero, "A millisecond is left.");
        Node.Advance(Millisecond);
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_clock_that_is_set_back_makes_nothing_younger()
    {
        var ann = await SignInCachedAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);
        Node.Advance(MaxStaleness);

        Clock.UtcNow -= TimeSpan.FromMinutes(1);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task An_absent_session_is_never_cached()
    {
        var token = SessionToken.Create("ann");
        await AssertUnknownAsync(token);

        Assert.That(await CountFetchesAsync(() => AssertUnknownAsync(token)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_bypasses_the_cache_gets_the_stores_answer_and_updates_the_cache()
    {
        var ann = await SignInCachedAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);

        var verdict = await Node.Manager.Authenticator.AuthAsync(ann.Token, null, bypassCache: true, Token);

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_call_that_bypasses_the_cache_does_not_share_a_pending_fetch()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await DeleteUnpublishedAsync(ann.Session.Id);

        var verdict = await Node.Manager.Authenticator.AuthAsync(ann.Token, null, bypassCache: true, Token);
        held.Release();
        await before;

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(ann.Token);
    }
}
