using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <content>What a sign-in ends beside the session that it begins.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    private static readonly SessionLookup s_replaced = new() { Marker = SessionMarker.Replaced };

    [TestCase("ann")]
    [TestCase("bob")]
    [TestCase(null)]
    public async Task The_session_that_a_sign_in_replaces_leaves_its_marker(string? user)
    {
        var held = await BeginAsync(user);

        await Manager.InitAsync("ann", new SessionInit { ReplacedToken = held.Token }, Token);

        Assert.That(await Store.FetchAsync(held.Session.Id, Token), Is.EqualTo(s_replaced));
        Assert.That(Events<SessionEndedContext>().Select(end => end.Session.Id), Is.EqualTo([held.Session.Id]));
    }

    [Test]
    public async Task The_session_of_the_same_user_ends_in_the_step_that_stores_the_new_one()
    {
        var store = new FailingSessionStore(Store);
        var manager = NewManager(store: store);
        var held = await manager.InitAsync("ann", cancellationToken: Token);
        store.Fail(StoreOperations.Delete | StoreOperations.DeleteAll);

        var issued = await manager.InitAsync("ann", new SessionInit { ReplacedToken = held.Token }, Token);

        Assert.That((await Store.FetchAllAsync("ann", Token)).Select(session => session.Id), Is.EqualTo([issued.Session.Id]));
        Assert.That(store.CountCalls(StoreOperations.Delete | StoreOperations.DeleteAll), Is.Zero);
    }

    [TestCase("ann", FaultMoment.BeforeTheCall)]
    [TestCase("bob", FaultMoment.BeforeTheCall)]
    [TestCase("bob", FaultMoment.AfterTheCall)]
    [TestCase(null, FaultMoment.BeforeTheCall)]
    [TestCase(null, FaultMoment.AfterTheCall)]
    public async Task A_sign_in_whose_session_was_not_stored_or_of_which_that_is_unknown_ends_nothing(string? user, FaultMoment moment)
    {
        var store = new FailingSessionStore(Store);
        var manager = NewManager(store: store);
        var held = await BeginAsync(user);
        var other = await Manager.InitAsync("ann", cancellationToken: Token);
        _events.Clear();
        store.Fail(StoreOperations.Create, moment: moment);

        // What the store ends in its step has ended if the step was done.
        var init = new SessionInit { ReplacedToken = held.Token, Exclusive = moment == FaultMoment.BeforeTheCall };

        Assert.That(async () => await manager.InitAsync("ann", init, Token), Throws.TypeOf<SessionStoreException>());

        Assert.That((await manager.AuthAsync(held.Token, null, Token)).IsAccepted);
        Assert.That((await manager.AuthAsync(other.Token, null, Token)).IsAccepted);
        Assert.That(_events, Is.Empty);
    }

    [Test]
    public async Task A_sign_in_that_is_refused_ends_nothing()
    {
        var manager = NewManager(o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, SessionLimitPolicy.Refuse));
        var visitor = await BeginAsync(null);
        await manager.InitAsync("ann", cancellationToken: Token);

        Assert.That(
            async () => await manager.InitAsync("ann", new SessionInit { ReplacedToken = visitor.Token }, Token),
            Throws.TypeOf<SessionLimitException>()
        );

        Assert.That((await manager.AuthAsync(visitor.Token, null, Token)).IsAccepted);
        Assert.That(Events<SessionEndedContext>(), Is.Empty);
    }

    [Test]
    public async Task At_the_limit_the_session_that_is_replaced_makes_room()
    {
        var manager = NewManager(o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, SessionLimitPolicy.Refuse));
        var held = await manager.InitAsync("ann", cancellationToken: Token);

        var issued = await manager.InitAsync("ann", new SessionInit { ReplacedToken = held.Token }, Token);

        Assert.That(issued.Evicted, Is.Empty);
        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(held.Session.Id, SessionEndReason.Replaced)])
        );
    }

    [Test]
    public async Task A_secret_from_before_a_rotation_ends_its_session_at_a_sign_in_and_is_no_copy()
    {
        var (old, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        Clock.Advance(Grace + ClockTolerance.Evaluation + Millisecond);

        await Manager.InitAsync("bob", new SessionInit { ReplacedToken = old }, Token);

        Assert.That(await Store.FetchAsync(old.Id, Token), Is.EqualTo(s_replaced));
        Assert.That(Events<CopyDetectedContext>(), Is.Empty);
    }

    [Test]
    public async Task A_sign_in_stands_when_what_it_replaces_cannot_be_ended_and_that_is_tried_again()
    {
        var store = new FailingSessionStore(Store);
        var ended = new TaskCompletionSource<SessionEndedContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        var manager = NewManager(
            o =>
                o.Events.OnEnded += end =>
                {
                    ended.TrySetResult(end);
                    return ValueTask.CompletedTask;
                },
            store
        );
        var held = await BeginAsync(null);
        store.Fail(StoreOperations.Delete | StoreOperations.DeleteAll, times: 1);

        var issued = await manager.InitAsync("ann", new SessionInit { ReplacedToken = held.Token }, Token);

        Assert.That((await manager.AuthAsync(issued.Token, null, Token)).IsAccepted);
        Assert.That((await Store.FetchAsync(held.Session.Id, Token)).Session, Is.Not.Null);
        Assert.That(ended.Task.IsCompleted, Is.False);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await ended.Task.WaitAsync(Token)).Session.Id, Is.EqualTo(held.Session.Id));
        Assert.That((await Store.FetchAsync(held.Session.Id, Token)).Session, Is.Null);
    }

    [TestCase("ann", false)]
    [TestCase("bob", false)]
    [TestCase(null, false)]
    [TestCase(null, true)]
    public async Task What_a_sign_in_ends_has_ended_before_a_handler_runs(string? user, bool exclusive)
    {
        var found = new List<Session?>();
        var held = await BeginAsync(user);
        var other = await Manager.InitAsync("ann", cancellationToken: Token);
        var manager = NewManager(o =>
        {
            o.Events.OnCreated += async _ => found.Add((await Store.FetchAsync(held.Session.Id, Token)).Session);
            o.Events.OnCreated += async _ => found.Add(exclusive ? (await Store.FetchAsync(other.Session.Id, Token)).Session : null);
        });

        await manager.InitAsync("ann", new SessionInit { ReplacedToken = held.Token, Exclusive = exclusive }, Token);

        Assert.That(found, Is.EqualTo(new Session?[2]));
    }

    [TestCase(SessionLimitPolicy.Refuse)]
    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    public async Task An_exclusive_sign_in_is_not_refused_by_a_limit_and_ends_the_others_in_its_step(SessionLimitPolicy policy)
    {
        var store = new FailingSessionStore(Store);
        var manager = NewManager(o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, policy), store);
        var held = await manager.InitAsync("ann", cancellationToken: Token);
        store.Fail(StoreOperations.Delete | StoreOperations.DeleteAll);

        var issued = await manager.InitAsync("ann", new SessionInit { Exclusive = true }, Token);

        Assert.That((await Store.FetchAllAsync("ann", Token)).Select(session => session.Id), Is.EqualTo([issued.Session.Id]));
        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason, end.Actor)),
            Is.EqualTo([(held.Session.Id, SessionEndReason.OtherDevice, (SessionId?)issued.Session.Id)])
        );
    }

    [Test]
    public async Task An_exclusive_sign_in_leaves_bearer_sessions_alone()
    {
        var bearer = await Manager.InitAsync("ann", new SessionInit { IsBearer = true }, Token);

        await Manager.InitAsync("ann", new SessionInit { Exclusive = true }, Token);

        Assert.That((await Store.FetchAsync(bearer.Session.Id, Token)).Session, Is.Not.Null);
    }

    [Test]
    public async Task Of_exclusive_sign_ins_at_once_exactly_one_session_is_left()
    {
        for (var round = 0; round < TestEffort.Scale(30); round++)
        {
            var user = $"user-{round}";
            var signIns = Enumerable
                .Range(0, 4)
                .Select(_ => Task.Run(() => Manager.InitAsync(user, new SessionInit { Exclusive = true }, Token).AsTask(), Token));
            var issued = await Task.WhenAll(signIns);

            var left = await Store.FetchAllAsync(user, Token);

            Assert.That(left, Has.Count.EqualTo(1), $"Round {round}.");
            Assert.That(issued.Select(one => one.Session.Id), Has.Member(left[0].Id));
        }
    }

    private ValueTask<IssuedSession> BeginAsync(string? user) =>
        user is null ? Manager.StartVisitorAsync(cancellationToken: Token) : Manager.InitAsync(user, cancellationToken: Token);
}
