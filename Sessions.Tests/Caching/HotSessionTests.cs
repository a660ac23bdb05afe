using NUnit.Framework;

namespace Sessions.Tests.Caching;

/// <summary>A session that many requests use at once is asked for once.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class HotSessionTests(bool hasFeed) : CacheTests
{
    private const int Requests = 1000;

    private protected override bool HasFeed => hasFeed;

    [Test]
    public async Task A_thousand_requests_for_one_session_ask_once()
    {
        var ann = await SignInAsync();

        Assert.That(await FetchesAsync(() => CrowdAsync(ann.Token)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_thousand_requests_ask_once_also_when_its_time_is_over()
    {
        var ann = await RememberedAsync();
        Node.Advance(MaxStaleness);

        Assert.That(await FetchesAsync(() => CrowdAsync(ann.Token)), Is.EqualTo(1));
        Assert.That(await FetchesAsync(() => CrowdAsync(ann.Token)), Is.Zero);
    }

    [Test]
    public async Task Requests_for_different_sessions_do_not_wait_for_each_other()
    {
        var (ann, bob) = (await SignInAsync(), await SignInAsync("bob"));
        using var held = HoldAnswer();
        var waiting = AuthAsync(ann.Token);
        await held.Arrived;

        await AssertAcceptedAsync(bob.Token);

        held.Release();
        await waiting;
    }

    [Test]
    public async Task That_there_is_no_such_session_is_a_no_only_to_whoever_asked()
    {
        // The answer is on its way when the session begins; the second request comes after that.
        var ann = await SignInAsync();
        await EndUntoldAsync(ann.Session.Id);
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await Data.CreateAsync(ann.Session, null, Token);
        var after = AuthAsync(ann.Token);
        held.Release();

        Assert.That((await before, await after), Is.EqualTo((SessionRejection.Unknown, SessionRejection.None)));
    }

    [Test]
    public async Task A_secret_that_anothers_answer_does_not_know_is_asked_about_again()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        var next = (await Elsewhere.RotateAsync(ann.Session, ann.Token, Token))!.Value;
        var after = AuthAsync(next);
        held.Release();

        Assert.That((await before, await after), Is.EqualTo((SessionRejection.None, SessionRejection.None)));
    }

    [Test]
    public async Task Whoever_waited_so_long_that_the_answer_is_too_old_asks_himself()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var first = AuthAsync(ann.Token);
        await held.Arrived;
        var joined = AuthAsync(ann.Token);
        await EndUntoldAsync(ann.Session.Id);
        Node.Advance(MaxStaleness);
        held.Release();

        Assert.That((await first, await joined), Is.EqualTo((SessionRejection.None, SessionRejection.Unknown)));
    }

    private async Task CrowdAsync(SessionToken token)
    {
        using var held = HoldAnswer();
        var requests = Enumerable.Range(0, Requests).Select(_ => AuthAsync(token)).ToList();
        held.Release();
        Assert.That(await Task.WhenAll(requests), Has.All.EqualTo(SessionRejection.None));
    }
}
