using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>A session that many requests use at once is asked for once.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class PendingFetchTests(bool hasFeed) : CacheTestBase
{
    private const int Requests = 1000;

    private protected override bool HasFeed => hasFeed;

    [Test]
    public async Task A_thousand_requests_for_one_session_fetch_once()
    {
        var ann = await SignInAsync();

        Assert.That(await CountFetchesAsync(() => RequestConcurrentlyAsync(ann.Token)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_thousand_requests_fetch_once_also_after_the_entry_is_stale()
    {
        var ann = await SignInCachedAsync();
        Node.Advance(MaxStaleness);

        Assert.That(await CountFetchesAsync(() => RequestConcurrentlyAsync(ann.Token)), Is.EqualTo(1));
        Assert.That(await CountFetchesAsync(() => RequestConcurrentlyAsync(ann.Token)), Is.Zero);
    }

    [Test]
    public async Task Requests_for_different_sessions_do_not_wait_for_each_other()
    {
        var (ann, bob) = (await SignInAsync(), await SignInAsync("bob"));
        using var held = HoldFetch();
        var waiting = AuthAsync(ann.Token);
        await held.Arrived;

        await AssertAcceptedAsync(bob.Token);

        held.Release();
        await waiting;
    }

    [Test]
    public async Task An_unknown_session_is_refused_only_for_its_own_requests()
    {
        // The answer is on its way when the session begins; the second request comes after that.
        var ann = await SignInAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await Data.CreateAsync(ann.Session, null, Token);
        var after = AuthAsync(ann.Token);
        held.Release();

        Assert.That((await before, await after), Is.EqualTo((SessionRejection.Unknown, SessionRejection.None)));
    }

    [Test]
    public async Task A_secret_that_a_shared_fetch_does_not_match_is_fetched_again()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        var next = (await RemoteManager.Authenticator.RotateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, Token))!.Value;
        var after = AuthAsync(next);
        held.Release();

        Assert.That((await before, await after), Is.EqualTo((SessionRejection.None, SessionRejection.None)));
    }

    [Test]
    public async Task A_request_that_waited_until_the_fetch_is_stale_fetches_again()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var first = AuthAsync(ann.Token);
        await held.Arrived;
        var joined = AuthAsync(ann.Token);
        await DeleteUnpublishedAsync(ann.Session.Id);
        Node.Advance(MaxStaleness);
        held.Release();

        Assert.That((await first, await joined), Is.EqualTo((SessionRejection.None, SessionRejection.Unknown)));
    }

    private async Task RequestConcurrentlyAsync(SessionToken token)
    {
        using var held = HoldFetch();
        var requests = Enumerable.Range(0, Requests).Select(_ => AuthAsync(token)).ToList();
        held.Release();
        Assert.That(await Task.WhenAll(requests), Has.All.EqualTo(SessionRejection.None));
    }
}
