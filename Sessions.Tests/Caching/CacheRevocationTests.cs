using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Caching;

/// <summary>A session that is ended while the store's answer to an earlier question is on its way.</summary>
public sealed class CacheRevocationTests : CacheTestBase
{
    [Test]
    public async Task What_another_node_has_ended_and_published_is_refused_with_the_next_request()
    {
        var ann = await SignInCachedAsync();

        await DeleteAndPublishAsync(ann.Session.Id);

        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_change_of_one_session_leaves_the_others_cached()
    {
        var (ann, bob) = (await SignInCachedAsync(), await SignInCachedAsync("bob"));

        await DeleteAndPublishAsync(ann.Session.Id);

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(bob.Token)), Is.Zero);
    }

    [Test]
    public async Task A_fetch_that_a_change_has_overtaken_is_not_cached()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;

        await DeleteAndPublishAsync(ann.Session.Id);
        held.Release();

        Assert.That(await before, Is.EqualTo(SessionRejection.None), "It was asked before the end.");
        await AssertUnknownAsync(ann.Token);
    }

    [Test]
    public async Task A_request_after_a_change_does_not_share_a_fetch_from_before_it()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        var joined = AuthAsync(ann.Token);

        await DeleteAndPublishAsync(ann.Session.Id);
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
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        await RemoteManager.UpdateValuesAsync(ann.Session.Id, ValuesPatch.Empty.Set("theme", "dark"), Token);
        Node.Feed.Publish(ann.Session.Id, SessionChangeKind.Changed);
        await AssertAcceptedAsync(ann.Token);
        held.Release();
        await before;

        Assert.That((await Node.AuthAsync(ann.Token, Token)).Session!.Values["theme"], Is.EqualTo("dark"));
    }

    private static IEnumerable<TestCaseData<Func<SessionManager, Session, Session, Task>>> EndVerbs()
    {
        yield return Named("by id", (manager, session, _) => new SessionAdministration(manager).RevokeAsync(session.Id, Token).AsTask());
        yield return Named("as one of mine", (manager, session, current) => manager.RevokeAsync(current, session.Id, Token).AsTask());
        yield return Named("all others", (manager, _, current) => manager.RevokeOtherAsync(current, Token).AsTask());
        yield return Named("all of mine", (manager, _, current) => manager.RevokeAllAsync(current, Token).AsTask());
        yield return Named(
            "all of a user",
            (manager, _, current) => new SessionAdministration(manager).RevokeAllAsync(current.UserKey!, Token).AsTask()
        );
        yield return Named("by the limit", (manager, _, current) => manager.InitAsync(current.UserKey!, null, Token).AsTask());
        yield return Named(
            "by an exclusive login",
            (manager, _, current) => manager.InitAsync(current.UserKey!, new SessionInit { Exclusive = true }, Token).AsTask()
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

    [TestCaseSource(nameof(EndVerbs))]
    public async Task What_this_node_ends_is_refused_at_once_without_any_news(Func<SessionManager, Session, Session, Task> end)
    {
        var (phone, laptop) = await SignInTwiceAsync();
        await AssertAcceptedAsync(phone.Token);

        await end(Node.Manager, phone.Session, laptop.Session);

        await AssertUnknownAsync(phone.Token);
    }

    [TestCaseSource(nameof(EndVerbs))]
    public async Task A_fetch_in_flight_when_this_node_ended_the_session_is_neither_cached_nor_shared(
        Func<SessionManager, Session, Session, Task> end
    )
    {
        var (phone, laptop) = await SignInTwiceAsync();
        using var held = HoldFetch();
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

    private async Task<(IssuedSession Phone, IssuedSession Laptop)> SignInTwiceAsync()
    {
        var phone = await SignInAsync();
        Clock.Advance(Millisecond);
        return (phone, await SignInAsync());
    }
}
