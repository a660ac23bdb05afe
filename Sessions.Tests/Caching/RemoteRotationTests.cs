using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Caching;

/// <summary>A secret that was replaced on another node, while this one remembers how it was.</summary>
public sealed class RemoteRotationTests : CacheTestBase
{
    private static readonly TimeSpan s_windowIsOver = TimeSpan.FromHours(1) + ClockTolerance.Evaluation;
    private readonly List<object> _events = [];

    [SetUp]
    public void ClearEvents() => _events.Clear();

    [Test]
    public async Task The_new_secret_is_accepted_at_once_where_the_old_copy_is_cached()
    {
        var ann = await SignInCachedAsync();
        var next = await RotateRemotelyAsync(ann.Token);

        await AssertAcceptedAsync(next);

        await AssertUntouchedAsync(ann.Session.Id);
    }

    [Test]
    public async Task A_secret_of_the_next_generation_but_one_is_no_stolen_copy()
    {
        // By the remembered copy its lineage is right and its secret is not: that is how theft looks.
        var ann = await SignInAsync();
        var second = await RotateRemotelyAsync(ann.Token);
        await ConfirmRemotelyAsync(second);
        await AssertAcceptedAsync(second);
        var third = await RotateRemotelyAsync(second);
        await ConfirmRemotelyAsync(third);
        var fourth = await RotateRemotelyAsync(third);

        await AssertAcceptedAsync(fourth);

        await AssertUntouchedAsync(ann.Session.Id);
    }

    [Test]
    public async Task A_new_sign_in_on_top_elsewhere_is_accepted_where_the_old_copy_is_cached()
    {
        var ann = await SignInCachedAsync();
        var issued = await RemoteManager.Authenticator.ReauthenticateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, "otp", Token);

        var verdict = await Node.AuthAsync(issued!.Token, Token);

        Assert.That(verdict.Session!.AuthenticationMethod, Is.EqualTo("otp"));
        await AssertUntouchedAsync(ann.Session.Id);
    }

    [Test]
    public async Task A_previous_secret_is_fetched_each_time()
    {
        var ann = await SignInAsync();
        var next = await RotateRemotelyAsync(ann.Token);
        await ConfirmRemotelyAsync(next);
        await AssertAcceptedAsync(next);

        var fetches = await CountFetchesAsync(async () =>
        {
            await AssertAcceptedAsync(ann.Token);
            await AssertAcceptedAsync(ann.Token);
        });

        Assert.That(fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task A_secret_that_waits_for_its_confirmation_is_fetched_each_time()
    {
        var ann = await SignInAsync();
        var next = await RotateRemotelyAsync(ann.Token);
        await AssertAcceptedAsync(next);

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(next)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_stolen_copy_is_detected_where_the_session_is_cached()
    {
        var ann = await SignInAsync();
        var next = await RotateRemotelyAsync(ann.Token);
        await ConfirmRemotelyAsync(next);
        Node.Advance(s_windowIsOver);
        await AssertAcceptedAsync(next);

        Assert.That(await AuthAsync(ann.Token), Is.EqualTo(SessionRejection.Copied));

        Assert.That(await Data.FetchSessionAsync(ann.Session.Id, Token), Is.Null);
        Assert.That(_events.OfType<CopyDetectedContext>(), Has.One.Items);
        await AssertUnknownAsync(next);
    }

    [Test]
    public async Task A_stolen_copy_is_detected_where_only_the_old_copy_was_cached_and_the_change_has_come()
    {
        var ann = await SignInCachedAsync();
        var next = await RotateRemotelyAsync(ann.Token);
        await ConfirmRemotelyAsync(next);
        Clock.UtcNow += s_windowIsOver;
        Node.Feed.Publish(ann.Session.Id, SessionChangeKind.Changed);

        Assert.That(await AuthAsync(ann.Token), Is.EqualTo(SessionRejection.Copied));
    }

    [Test]
    public async Task Without_news_a_stolen_copy_is_detected_when_the_time_of_the_old_copy_is_over()
    {
        var ann = await SignInCachedAsync();
        var next = await RotateRemotelyAsync(ann.Token);
        await ConfirmRemotelyAsync(next);
        Clock.UtcNow += s_windowIsOver;
        Node.Advance(MaxStaleness);

        Assert.That(await AuthAsync(ann.Token), Is.EqualTo(SessionRejection.Copied));
    }

    [Test]
    public async Task Guessing_at_a_cached_session_costs_a_store_call_each_and_ends_nothing()
    {
        var ann = await SignInCachedAsync();

        var fetches = await CountFetchesAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.That(await AuthAsync(ForgedToken.Create(ann.Session.Id)), Is.EqualTo(SessionRejection.WrongToken));
            }
        });

        Assert.That(fetches, Is.EqualTo(3));
        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero, "It is still remembered.");
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Events.OnTokenRejected = Record;
        options.Events.OnCopyDetected = Record;
        options.Events.OnEnded = Record;
    }

    private ValueTask Record(object e)
    {
        _events.Add(e);
        return ValueTask.CompletedTask;
    }

    private async Task<SessionToken> RotateRemotelyAsync(SessionToken token)
    {
        var result = await RemoteManager.AuthAsync(token, null, Token);
        return (await RemoteManager.Authenticator.RotateAsync(result, token, Token))!.Value;
    }

    private async Task ConfirmRemotelyAsync(SessionToken token)
    {
        await ShowRemotelyAsync(token);
        Node.Advance(RotationRules.FlushTime);
        await ShowRemotelyAsync(token);
    }

    private async Task ShowRemotelyAsync(SessionToken token) =>
        await RemoteManager.Authenticator.RecordUseAsync(await RemoteManager.AuthAsync(token, null, Token), null, slide: false, Token);

    private async Task AssertUntouchedAsync(SessionId id)
    {
        Assert.That(_events, Is.Empty);
        Assert.That(await Data.FetchSessionAsync(id, Token), Is.Not.Null);
    }
}
