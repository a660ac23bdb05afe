using NUnit.Framework;
using Sessions.Events;
using Sessions.Stores;
using Sessions.Tests.Domain;

namespace Sessions.Tests.Caching;

/// <summary>A secret that was replaced on another node, while this one remembers how it was.</summary>
public sealed class RotatedElsewhereTests : CacheTests
{
    private static readonly TimeSpan s_graceIsOver = TimeSpan.FromSeconds(60) + ClockTolerance.Verdict + Millisecond;
    private readonly List<object> _events = [];

    [SetUp]
    public void ForgetEvents() => _events.Clear();

    [Test]
    public async Task The_new_secret_is_accepted_at_once_where_the_old_copy_is_remembered()
    {
        var ann = await RememberedAsync();
        var next = await RotateElsewhereAsync(ann.Token);

        await AssertAcceptedAsync(next);

        await AssertUntouchedAsync(ann.Session.Id);
    }

    [Test]
    public async Task A_secret_of_the_next_generation_but_one_is_no_stolen_copy()
    {
        // By the remembered copy its lineage is right and its secret is not: that is how theft looks.
        var ann = await SignInAsync();
        var second = await RotateElsewhereAsync(ann.Token);
        await ConfirmElsewhereAsync(second);
        await AssertAcceptedAsync(second);
        var third = await RotateElsewhereAsync(second);
        await ConfirmElsewhereAsync(third);
        var fourth = await RotateElsewhereAsync(third);

        await AssertAcceptedAsync(fourth);

        await AssertUntouchedAsync(ann.Session.Id);
    }

    [Test]
    public async Task A_new_sign_in_on_top_elsewhere_is_accepted_where_the_old_copy_is_remembered()
    {
        var ann = await RememberedAsync();
        var issued = await Elsewhere.ReauthenticateAsync(ann.Session, ann.Token, "otp", Token);

        var verdict = await Node.AuthAsync(issued!.Token, Token);

        Assert.That(verdict.Session!.AuthenticationMethod, Is.EqualTo("otp"));
        await AssertUntouchedAsync(ann.Session.Id);
    }

    [Test]
    public async Task A_secret_on_its_way_out_is_asked_about_each_time()
    {
        var ann = await SignInAsync();
        var next = await RotateElsewhereAsync(ann.Token);
        await ConfirmElsewhereAsync(next);
        await AssertAcceptedAsync(next);

        var fetches = await FetchesAsync(async () =>
        {
            await AssertAcceptedAsync(ann.Token);
            await AssertAcceptedAsync(ann.Token);
        });

        Assert.That(fetches, Is.EqualTo(2));
    }

    [Test]
    public async Task A_secret_that_waits_for_its_confirmation_is_asked_about_each_time()
    {
        var ann = await SignInAsync();
        var next = await RotateElsewhereAsync(ann.Token);
        await AssertAcceptedAsync(next);

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(next)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_stolen_copy_is_detected_where_the_session_is_remembered()
    {
        var ann = await SignInAsync();
        var next = await RotateElsewhereAsync(ann.Token);
        await ConfirmElsewhereAsync(next);
        Node.Advance(s_graceIsOver);
        await AssertAcceptedAsync(next);

        Assert.That(await AuthAsync(ann.Token), Is.EqualTo(SessionRejection.ReusedSecret));

        Assert.That(await Data.FetchAsync(ann.Session.Id, Token), Is.Null);
        Assert.That(_events.OfType<SessionReuseDetected>(), Has.One.Items);
        await AssertUnknownAsync(next);
    }

    [Test]
    public async Task A_stolen_copy_is_detected_where_only_the_old_copy_was_remembered_and_the_news_has_come()
    {
        var ann = await RememberedAsync();
        var next = await RotateElsewhereAsync(ann.Token);
        await ConfirmElsewhereAsync(next);
        Clock.UtcNow += s_graceIsOver;
        Node.Feed.Tell(ann.Session.Id, SessionChangeKind.Changed);

        Assert.That(await AuthAsync(ann.Token), Is.EqualTo(SessionRejection.ReusedSecret));
    }

    [Test]
    public async Task Without_news_a_stolen_copy_is_detected_when_the_time_of_the_old_copy_is_over()
    {
        var ann = await RememberedAsync();
        var next = await RotateElsewhereAsync(ann.Token);
        await ConfirmElsewhereAsync(next);
        Clock.UtcNow += s_graceIsOver;
        Node.Advance(MaxStaleness);

        Assert.That(await AuthAsync(ann.Token), Is.EqualTo(SessionRejection.ReusedSecret));
    }

    [Test]
    public async Task Guessing_at_a_remembered_session_costs_a_question_each_and_ends_nothing()
    {
        var ann = await RememberedAsync();

        var fetches = await FetchesAsync(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.That(await AuthAsync(ForgedToken.Of(ann.Session.Id)), Is.EqualTo(SessionRejection.WrongSecret));
            }
        });

        Assert.That(fetches, Is.EqualTo(3));
        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.Zero, "It is still remembered.");
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Events.Rejected = Record;
        options.Events.ReuseDetected = Record;
        options.Events.Ended = Record;
    }

    private ValueTask Record(object e)
    {
        _events.Add(e);
        return ValueTask.CompletedTask;
    }

    private async Task<SessionToken> RotateElsewhereAsync(SessionToken token)
    {
        var verdict = await Elsewhere.AuthAsync(token, null, Token);
        return (await Elsewhere.RotateAsync(verdict.Session!, token, Token))!.Value;
    }

    private async Task ConfirmElsewhereAsync(SessionToken token) =>
        await Elsewhere.SeenAsync(await Elsewhere.AuthAsync(token, null, Token), null, slide: false, Token);

    private async Task AssertUntouchedAsync(SessionId id)
    {
        Assert.That(_events, Is.Empty);
        Assert.That(await Data.FetchAsync(id, Token), Is.Not.Null);
    }
}
