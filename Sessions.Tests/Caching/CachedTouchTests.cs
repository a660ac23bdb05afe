using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>Keeping alive what is only remembered.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class CachedTouchTests(bool hasFeed) : CacheTestBase
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private protected override bool HasFeed => hasFeed;

    [Test]
    public async Task However_many_requests_come_the_use_is_written_once_in_an_interval()
    {
        var ann = await SignInAsync();
        Node.Advance(s_interval);
        await AssertAcceptedAsync(ann.Token);

        for (var i = 0; i < 1000; i++)
        {
            await UseAsync(ann.Token);
            await Node.Manager.Authenticator.FlushAsync(Token);
        }

        Assert.That(Node.Store.CountCalls(StoreOperations.Touch), Is.EqualTo(1));
    }

    [Test]
    public async Task A_use_that_was_not_yet_written_down_when_the_session_was_read_again_is_written_once_all_the_same()
    {
        var ann = await SignInAsync();
        Node.Advance(s_interval);
        await UseAsync(ann.Token);
        await Node.Manager.UpdateValuesAsync(ann.Session.Id, ValuesPatch.Empty.Set("read", "again"), Token);
        await AssertAcceptedAsync(ann.Token);
        await Node.Manager.Authenticator.FlushAsync(Token);

        await UseAsync(ann.Token);
        await Node.Manager.Authenticator.FlushAsync(Token);

        Assert.That(Node.Store.CountCalls(StoreOperations.Touch), Is.EqualTo(1));
    }

    [Test]
    public async Task A_session_in_constant_use_lives_for_hours_on_few_questions()
    {
        var ann = await SignInAsync();
        var fetches = await CountFetchesAsync(async () =>
        {
            for (var second = 0; second < 6 * 3600; second += 10)
            {
                Node.Advance(TimeSpan.FromSeconds(10));
                Assert.That((await UseAsync(ann.Token)).Rejection, Is.EqualTo(SessionRejection.None), $"After {second} s.");
            }
        });

        await Node.Manager.Authenticator.FlushAsync(Token);
        Assert.That((await Data.FetchSessionAsync(ann.Session.Id, Token))!.ExpiresAt, Is.GreaterThan(Clock.UtcNow + s_idle - s_interval));
        Assert.That(fetches, Is.EqualTo(6 * 3600 / MaxStaleness.TotalSeconds).Within(1));
    }

    [Test]
    public async Task A_session_that_is_not_used_any_more_dies_on_time()
    {
        var ann = await SignInAsync();
        for (var minute = 0; minute < 60; minute++)
        {
            Node.Advance(s_interval);
            await UseAsync(ann.Token);
        }

        await Node.Manager.Authenticator.FlushAsync(Token);
        Node.Advance(s_idle - Millisecond);
        var before = await AuthAsync(ann.Token);
        Node.Advance(Millisecond);

        Assert.That(before, Is.EqualTo(SessionRejection.None));
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task With_an_idle_time_shorter_than_MaxStaleness_a_session_in_constant_use_lives_too()
    {
        var node = await AddNodeAsync(hasFeed, configure: o => (o.IdleTimeout, o.RotateAfter) = (TimeSpan.FromSeconds(10), null));
        var ann = await node.Manager.InitAsync("ann", null, Token);

        for (var second = 0; second < 600; second++)
        {
            node.Advance(TimeSpan.FromSeconds(1));
            var verdict = await node.AuthAsync(ann.Token, Token);
            await node.Manager.Authenticator.RecordUseAsync(verdict, null, slide: true, Token);
            await node.Manager.Authenticator.FlushAsync(Token);
            Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.None), $"After {second} s.");
        }
    }

    [Test]
    public async Task A_use_that_could_not_be_written_is_made_good_by_the_next_one()
    {
        var ann = await SignInCachedAsync();
        Node.Advance(s_interval);
        Node.Store.Fail(StoreOperations.Touch, times: 1);
        await UseAsync(ann.Token);
        await Node.Manager.Authenticator.FlushAsync(Token);

        Node.Advance(s_interval);
        await UseAsync(ann.Token);
        await Node.Manager.Authenticator.FlushAsync(Token);

        Assert.That((await Data.FetchSessionAsync(ann.Session.Id, Token))!.LastSeenAt, Is.EqualTo(Clock.UtcNow));
    }

    [Test]
    public async Task A_page_that_polls_keeps_nothing_alive()
    {
        var ann = await SignInAsync();
        for (var minute = 1; minute < 20; minute++)
        {
            Node.Advance(s_interval);
            await Node.Manager.Authenticator.RecordUseAsync(await Node.AuthAsync(ann.Token, Token), null, slide: false, Token);
        }

        Node.Advance(s_interval);

        await AssertUnknownAsync(ann.Token);
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.IdleTimeout, options.TouchInterval, options.RotateAfter) = (s_idle, s_interval, null);
    }

    private async Task<SessionAuthResult> UseAsync(SessionToken token)
    {
        var verdict = await Node.AuthAsync(token, Token);
        await Node.Manager.Authenticator.RecordUseAsync(verdict, null, slide: true, Token);
        return verdict;
    }
}
