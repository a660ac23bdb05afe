using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Caching;

/// <summary>What this node has written it reads, whether or not a feed brings its own news back.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class LocalWriteTests(bool hasFeed) : CacheTestBase
{
    private protected override bool HasFeed => hasFeed;

    [Test]
    public async Task Values_are_read_as_they_were_written()
    {
        var ann = await SignInCachedAsync();

        await Node.Manager.UpdateValuesAsync(ann.Session.Id, ValuesPatch.Empty.Set("theme", "dark"), Token);
        var written = (await Node.AuthAsync(ann.Token, Token)).Session!.Values;
        await Node.Manager.TakeValueAsync(ann.Session.Id, "theme", Token);
        var taken = (await Node.AuthAsync(ann.Token, Token)).Session!.Values;

        Assert.That((written["theme"], taken.Count), Is.EqualTo(("dark", 0)));
    }

    [Test]
    public async Task A_reauthentication_is_visible_at_once_and_the_old_token_keeps_what_it_had()
    {
        var ann = await SignInCachedAsync();

        var issued = await Node.Manager.Authenticator.ReauthenticateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, "otp", Token);

        Assert.That((await Node.AuthAsync(issued!.Token, Token)).Session!.AuthenticationMethod, Is.EqualTo("otp"));
        Assert.That((await Node.AuthAsync(ann.Token, Token)).Session!.AuthenticationMethod, Is.Null);
    }

    [Test]
    public async Task A_rotation_is_visible_at_once()
    {
        var ann = await SignInCachedAsync();

        await Node.Manager.Authenticator.RotateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, Token);

        Assert.That((await Node.AuthAsync(ann.Token, Token)).Standing, Is.EqualTo(TokenStanding.Previous));
    }

    [Test]
    public async Task A_delivered_token_is_cached_as_delivered()
    {
        var ann = await SignInCachedAsync();
        var next = (await Node.Manager.Authenticator.RotateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, Token))!.Value;

        await Node.Manager.Authenticator.RecordUseAsync(await Node.AuthAsync(next, Token), null, slide: false, Token);
        var verdict = await Node.AuthAsync(next, Token);

        Assert.That(verdict.Standing, Is.EqualTo(TokenStanding.Current));
        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(next)), Is.Zero);
    }

    [Test]
    public async Task A_write_without_effect_invalidates_the_entry()
    {
        var ann = await SignInCachedAsync();
        await DeleteUnpublishedAsync(ann.Session.Id);

        var update = await Node.Manager.UpdateValuesAsync(ann.Session.Id, ValuesPatch.Empty.Set("theme", "dark"), Token);

        Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.Gone));
        await AssertUnknownAsync(ann.Token);
    }

    private static IEnumerable<TestCaseData<StoreOperations, Func<SessionManager, Session, Task>>> Writes()
    {
        yield return new(
            StoreOperations.Delete,
            (manager, session) => new SessionAdministration(manager).RevokeAsync(session.Id, Token).AsTask()
        );
        yield return new(
            StoreOperations.DeleteAll,
            (manager, session) => new SessionAdministration(manager).RevokeAllAsync(session.UserKey!, Token).AsTask()
        );
        yield return new(
            StoreOperations.Update,
            (manager, session) =>
                manager
                    .Authenticator.ReauthenticateAsync(SessionAuthResult.Accept(session), ForgedToken.Create(session.Id), "otp", Token)
                    .AsTask()
        );
        yield return new(StoreOperations.Create, (manager, session) => manager.InitAsync(session.UserKey!, null, Token).AsTask());
    }

    [TestCaseSource(nameof(Writes))]
    public async Task After_a_write_with_an_unknown_outcome_nothing_is_cached(
        StoreOperations operation,
        Func<SessionManager, Session, Task> write
    )
    {
        var ann = await SignInCachedAsync();
        Node.Store.Fail(operation, times: 1, FaultMoment.AfterTheCall);

        Assert.That(async () => await write(Node.Manager, ann.Session), Throws.InstanceOf<SessionStoreException>());

        Assert.That(await CountFetchesAsync(async () => await AuthAsync(ann.Token)), Is.Positive, "It is read again.");
    }

    [TestCaseSource(nameof(Writes))]
    public async Task A_fetch_in_flight_during_such_a_write_is_not_cached(
        StoreOperations operation,
        Func<SessionManager, Session, Task> write
    )
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var before = AuthAsync(ann.Token);
        await held.Arrived;
        Node.Store.Fail(operation, times: 1, FaultMoment.AfterTheCall);

        Assert.That(async () => await write(Node.Manager, ann.Session), Throws.InstanceOf<SessionStoreException>());
        held.Release();
        await before;

        Assert.That(await CountFetchesAsync(async () => await AuthAsync(ann.Token)), Is.Positive, "It is read again.");
    }

    [Test]
    public async Task A_sign_in_that_the_limit_refuses_leaves_everything_cached()
    {
        var node = await AddNodeAsync(hasFeed, configure: o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, SessionLimitPolicy.Refuse));
        var ann = await SignInAsync();
        await node.AuthAsync(ann.Token, Token);
        var before = node.FetchCount;

        Assert.That(async () => await node.Manager.InitAsync("ann", null, Token), Throws.InstanceOf<SessionLimitException>());
        await node.AuthAsync(ann.Token, Token);

        Assert.That(node.FetchCount, Is.EqualTo(before));
    }

    protected override void Configure(SessionUpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.MaxSessionsPerUser = 1;
    }
}
