using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Caching;

/// <summary>A session that is ended while the store's answer to an earlier question is on its way.</summary>
public sealed class RevocationTests : CacheTests
{
    [Test]
    public async Task What_another_node_has_ended_and_told_is_refused_with_the_next_request()
    {
        var ann = await RememberedAsync();

        await EndAsync(ann.Session.Id);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task The_news_of_one_session_leaves_the_others_remembered()
    {
        var (ann, bob) = (await RememberedAsync(), await RememberedAsync("bob"));

        await EndAsync(ann.Session.Id);

        Assert.That(await FetchesAsync(() => AssertAcceptedAsync(bob.Token)), Is.Zero);
    }

    [Test]
    public async Task An_answer_that_the_news_has_overtaken_is_not_remembered()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;

        await EndAsync(ann.Session.Id);
        held.Release();

        Assert.That(await before, Is.EqualTo(SessionRejection.None), "It was asked before the end.");
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task Whoever_comes_after_the_news_does_not_wait_for_an_answer_from_before_it()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        var joined = AuthAsync(ann.Token);

        await EndAsync(ann.Session.Id);
        var after = await AuthAsync(ann.Token);
        held.Release();

        Assert.That(after, Is.EqualTo(SessionRejection.Unknown));
        Assert.That((await before, await joined), Is.EqualTo((SessionRejection.None, SessionRejection.None)), "They came before the end.");
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task An_answer_from_before_the_news_does_not_replace_one_from_after_it()
    {
        var ann = await SignInAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await Elsewhere.UpdateValuesAsync(ann.Session.Id, ValuesPatch.Empty.Set("theme", "dark"), Token);
        Node.Feed.Tell(ann.Session.Id, SessionChangeKind.Changed);
        await AssertAcceptedAsync(ann.Token);
        held.Release();
        await before;

        Assert.That((await Node.AuthAsync(ann.Token, Token)).Session!.Values["theme"], Is.EqualTo("dark"));
    }

    private static IEnumerable<TestCaseData<Func<SessionManager, Session, Session, Task>>> WaysToEnd()
    {
        yield return Named("by id", (manager, session, _) => manager.RevokeAsync(session.Id, Token).AsTask());
        yield return Named("as one of mine", (manager, session, current) => manager.RevokeOwnAsync(current, session.Id, Token).AsTask());
        yield return Named("all others", (manager, _, current) => manager.RevokeOtherAsync(current, Token).AsTask());
        yield return Named("all of mine", (manager, _, current) => manager.RevokeAllAsync(current, Token).AsTask());
        yield return Named("all of a user", (manager, _, current) => manager.RevokeAllAsync(current.UserKey!, Token).AsTask());
        yield return Named("by the limit", (manager, _, current) => manager.InitAsync(current.UserKey!, null, Token).AsTask());
        yield return Named(
            "by an exclusive login",
            (manager, _, current) => manager.LogInAsync(current.UserKey!, null, null, exclusive: true, Token).AsTask()
        );

        static TestCaseData<Func<SessionManager, Session, Session, Task>> Named(
            string name,
            Func<SessionManager, Session, Session, Task> end
        )
        {
            var data = new TestCaseData<Func<SessionManager, Session, Session, Task>>(end);
            data.SetArgDisplayNames(name);
            return data;
        }
    }

    [TestCaseSource(nameof(WaysToEnd))]
    public async Task What_this_node_ends_is_refused_at_once_without_any_news(Func<SessionManager, Session, Session, Task> end)
    {
        var (phone, laptop) = await TwoDevicesAsync();
        await AssertAcceptedAsync(phone.Token);

        await end(Node.Manager, phone.Session, laptop.Session);

        await AssertUnknownAsync(phone.Token);
    }

    [TestCaseSource(nameof(WaysToEnd))]
    public async Task An_answer_that_was_on_its_way_when_this_node_ended_the_session_is_neither_remembered_nor_shared(
        Func<SessionManager, Session, Session, Task> end
    )
    {
        var (phone, laptop) = await TwoDevicesAsync();
        using var held = HoldAnswer();
        var before = AuthAsync(phone.Token);
        await held.Arrived;

        await end(Node.Manager, phone.Session, laptop.Session);
        var after = await AuthAsync(phone.Token);
        held.Release();
        await before;

        Assert.That(after, Is.EqualTo(SessionRejection.Unknown));
        await AssertUnknownAsync(phone.Token);
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.MaxSessionsPerUser = 2;
    }

    private async Task<(IssuedSession Phone, IssuedSession Laptop)> TwoDevicesAsync()
    {
        var phone = await SignInAsync();
        Clock.Advance(Millisecond);
        return (phone, await SignInAsync());
    }
}
