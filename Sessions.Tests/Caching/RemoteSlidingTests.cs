using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Caching;

/// <summary>Touches are told to nobody: what is remembered may have expired while the session lives on.</summary>
public sealed class RemoteSlidingTests : CacheTestBase
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_session_that_another_node_keeps_alive_does_not_expire_here()
    {
        var ann = await SignInCachedAsync();
        Node.Advance(s_idle / 2);
        await SlideRemotelyAsync(ann.Session);

        Node.Advance(s_idle / 2);

        Assert.That(
            await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)),
            Is.EqualTo(1),
            "Only the store can say that it has expired."
        );
        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero, "What it said is remembered.");
    }

    [Test]
    public async Task A_session_that_is_not_extended_expires_at_its_instant()
    {
        var ann = await SignInCachedAsync();

        Node.Advance(s_idle - Millisecond);
        await AssertAcceptedAsync(ann.Token);
        Node.Advance(Millisecond);

        Assert.That(await AuthAsync(ann.Token), Is.Not.EqualTo(SessionRejection.None));
    }

    [Test]
    public async Task Of_many_requests_for_what_seems_to_have_expired_one_fetches()
    {
        var ann = await SignInCachedAsync();
        Node.Advance(s_idle / 2);
        await SlideRemotelyAsync(ann.Session);
        Node.Advance(s_idle / 2);

        var fetches = await CountFetchesAsync(async () =>
        {
            using var held = HoldFetch();
            var requests = Enumerable.Range(0, 100).Select(_ => AuthAsync(ann.Token)).ToList();
            held.Release();
            Assert.That(await Task.WhenAll(requests), Has.All.EqualTo(SessionRejection.None));
        });

        Assert.That(fetches, Is.EqualTo(1));
    }

    [Test]
    public async Task An_end_that_was_moved_elsewhere_is_not_the_end_here()
    {
        var ann = await SignInAsync(init: new SessionInit { Lifetime = TimeSpan.FromSeconds(10) });
        await AssertAcceptedAsync(ann.Token);
        var later = ann.Session.EndsAt + TimeSpan.FromHours(1);
        var patch = new SessionPatch
        {
            Reauthentication = new Reauthentication
            {
                At = Clock.UtcNow,
                ExpiresAt = later,
                EndsAt = later,
            },
        };
        await Data.UpdateAsync(ann.Session.Id, patch, Token);

        Node.Advance(TimeSpan.FromSeconds(10));

        await AssertAcceptedAsync(ann.Token);
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.IdleTimeout = s_idle;
    }

    private async Task SlideRemotelyAsync(Session session) =>
        await Data.TouchAsync(
            [
                new SessionTouch
                {
                    Id = session.Id,
                    LastSeenAt = Clock.UtcNow,
                    ExpiresAt = Clock.UtcNow + s_idle,
                },
            ],
            Token
        );
}
