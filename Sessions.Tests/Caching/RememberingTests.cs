using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>How long is remembered, whether or not there is a feed.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class RememberingTests(bool hasFeed) : CacheTests
{
    private protected override bool HasFeed => hasFeed;

    [Test]
    public async Task What_was_asked_a_moment_ago_is_asked_of_nobody()
    {
        var ann = await RememberedAsync();

        var fetches = await FetchesAsync(async () =>
        {
            var verdict = await Node.AuthAsync(ann.Token, Token);
            Assert.That(verdict.Session, Is.EqualTo(ann.Session));
        });

        Assert.That(fetches, Is.Zero);
    }

    [Test]
    public async Task The_same_session_is_handed_out_and_not_a_copy_for_each_request()
    {
        var ann = await RememberedAsync();

        var first = (await Node.AuthAsync(ann.Token, Token)).Session;

        Assert.That((await Node.AuthAsync(ann.Token, Token)).Session, Is.SameAs(first));
    }

    [Test]
    public async Task Until_the_last_millisecond_of_its_time_it_is_remembered()
    {
        var ann = await RememberedAsync();

        Node.Advance(MaxStaleness - Millisecond);

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero);
    }

    [Test]
    public async Task When_its_time_is_over_an_end_that_nobody_told_of_is_seen()
    {
        var ann = await RememberedAsync();
        await EndUntoldAsync(ann.Session.Id);

        Node.Advance(MaxStaleness - Millisecond);
        var before = await AuthAsync(ann.Token);
        Node.Advance(Millisecond);

        Assert.That(before, Is.EqualTo(SessionRejection.None), "That is what MaxStaleness says.");
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task Being_used_makes_nothing_younger()
    {
        var ann = await RememberedAsync();
        await EndUntoldAsync(ann.Session.Id);

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
        using var held = HoldAnswer();
        var asked = AuthAsync(ann.Token);
        await held.Arrived;
        await EndUntoldAsync(ann.Session.Id);
        Node.Advance(MaxStaleness - Millisecond);
        held.Release();
        await asked;

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero, "A millisecond is left.");
        Node.Advance(Millisecond);
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_clock_that_is_set_back_makes_nothing_younger()
    {
        var ann = await RememberedAsync();
        await EndUntoldAsync(ann.Session.Id);
        Node.Advance(MaxStaleness);

        Clock.UtcNow -= TimeSpan.FromMinutes(1);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task That_there_is_no_such_session_is_never_remembered()
    {
        var token = SessionToken.Create("ann");
        await AssertUnknownAsync(token);

        Assert.That(await FetchesAsync(() => AssertUnknownAsync(token)), Is.EqualTo(1));
    }

    [Test]
    public async Task Whoever_asks_the_store_itself_gets_its_answer_and_what_is_remembered_follows()
    {
        var ann = await RememberedAsync();
        await EndUntoldAsync(ann.Session.Id);

        var verdict = await Node.Manager.AuthAsync(ann.Token, null, authoritative: true, Token);

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task Whoever_asks_the_store_itself_does_not_wait_for_anothers_answer()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await EndUntoldAsync(ann.Session.Id);

        var verdict = await Node.Manager.AuthAsync(ann.Token, null, authoritative: true, Token);
        held.Release();
        await before;

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(ann.Token);
    }
}
