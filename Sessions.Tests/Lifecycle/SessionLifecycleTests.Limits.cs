using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Lifecycle;

/// <content>How many sessions a user may have, and what else a new session says of itself.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task The_least_recently_used_session_is_ended_at_the_limit_with_an_event()
    {
        var manager = NewManager(o => o.MaxSessionsPerUser = 2);
        var first = await manager.InitAsync("ann", cancellationToken: Token);
        Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await manager.InitAsync("ann", cancellationToken: Token);
        Clock.Advance(TimeSpan.FromMinutes(5));
        await RequestAsync(manager, first.Token);
        await manager.Authenticator.FlushAsync(Token);

        var third = await manager.InitAsync("ann", cancellationToken: Token);

        Assert.That(third.Evicted.Select(session => session.Id), Is.EqualTo([second.Session.Id]));
        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason, end.Actor)),
            Is.EqualTo([(second.Session.Id, SessionEndReason.Limit, (SessionId?)third.Session.Id)])
        );
        Assert.That((await manager.AuthAsync(first.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task What_a_store_has_ended_before_a_creation_that_fails_is_told_of()
    {
        var old = await Manager.InitAsync("ann", cancellationToken: Token);
        var manager = NewManager(store: new HalfWayStore(Store, old.Session));

        Assert.That(async () => await manager.InitAsync("ann", cancellationToken: Token), Throws.TypeOf<IncompleteDeletionException>());

        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(old.Session.Id, SessionEndReason.Limit)])
        );
    }

    [Test]
    public async Task Bearer_sessions_have_the_same_limit_for_themselves()
    {
        var manager = NewManager(o => o.MaxSessionsPerUser = 1);
        var browser = await manager.InitAsync("ann", cancellationToken: Token);
        var bearer = await manager.InitAsync("ann", new SessionInit { IsBearer = true }, Token);
        var next = await manager.InitAsync("ann", new SessionInit { IsBearer = true }, Token);

        Assert.That(bearer.Evicted, Is.Empty);
        Assert.That(next.Evicted.Select(session => session.Id), Is.EqualTo([bearer.Session.Id]));
        Assert.That((await manager.AuthAsync(browser.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task The_limit_may_differ_by_user()
    {
        var asked = new List<SessionLimitContext>();
        var manager = NewManager(o =>
        {
            o.MaxSessionsPerUser = 1;
            o.LimitFor = context =>
            {
                asked.Add(context);
                return context.Session.UserKey switch
                {
                    "robot" => null,
                    "ann" => new SessionLimit { Max = 2 },
                    _ => context.Default,
                };
            };
        });
        foreach (var user in new[] { "robot", "ann", "bob" })
        {
            await manager.InitAsync(user, cancellationToken: Token);
            await manager.InitAsync(user, cancellationToken: Token);
            await manager.InitAsync(user, cancellationToken: Token);
        }

        Assert.That(await Store.FetchAllAsync("robot", null, Token), Has.Count.EqualTo(3));
        Assert.That(await Store.FetchAllAsync("ann", null, Token), Has.Count.EqualTo(2));
        Assert.That(await Store.FetchAllAsync("bob", null, Token), Has.Count.EqualTo(1));
        Assert.That(asked.Select(context => context.Default), Has.All.EqualTo(new SessionLimit { Max = 1 }));
    }

    [Test]
    public async Task Visitors_have_no_limit_and_none_is_asked_for()
    {
        var manager = NewManager(o =>
        {
            o.MaxSessionsPerUser = 1;
            o.LimitFor = _ => throw new InvalidOperationException("A visitor is no user.");
        });

        var visitors = new[]
        {
            await manager.StartVisitorAsync(cancellationToken: Token),
            await manager.StartVisitorAsync(cancellationToken: Token),
        };

        foreach (var visitor in visitors)
        {
            Assert.That((await manager.AuthAsync(visitor.Token, null, Token)).IsAccepted);
        }
    }

    [Test]
    public async Task A_session_says_whether_its_lifetime_was_asked_for_and_whether_an_app_shows_its_token()
    {
        var plain = await Manager.InitAsync("ann", cancellationToken: Token);
        var special = await Manager.InitAsync("ann", new SessionInit { Lifetime = TimeSpan.FromDays(1), IsBearer = true }, Token);

        Assert.That((plain.Session.HasCustomLifetime, plain.Session.IsBearer), Is.EqualTo((false, false)));
        Assert.That((special.Session.HasCustomLifetime, special.Session.IsBearer), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Administrators_find_and_end_sessions_by_a_tag()
    {
        var sid = new SessionTag { Name = "oidc.sid", Value = "08a5" };
        var ann = await Manager.InitAsync("ann", new SessionInit { Tags = [sid] }, Token);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var visitor = await Manager.StartVisitorAsync(new SessionInit { Tags = [sid] }, Token);
        var other = await Manager.InitAsync("ann", cancellationToken: Token);

        Assert.That(await Administration.FetchByTagAsync(sid, Token), Is.EqualTo([ann.Session, visitor.Session]));
        Assert.That(await Administration.RevokeByTagAsync(sid, Token), Is.EqualTo(2));

        Assert.That(await Administration.FetchByTagAsync(sid, Token), Is.Empty);
        Assert.That((await Manager.AuthAsync(ann.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(other.Token, null, Token)).IsAccepted);
        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(ann.Session.Id, SessionEndReason.Administrator), (visitor.Session.Id, SessionEndReason.Administrator)])
        );
    }

    /// <summary>Ends a session to make room, and fails before it creates the new one.</summary>
    private sealed class HalfWayStore(ISessionStore inner, Session old) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<SessionCreation> CreateAsync(
            Session session,
            SessionLimit? limit,
            SessionId? replaces,
            CancellationToken cancellationToken
        )
        {
            await Inner.DeleteAsync(old.Id, SessionMarker.None, cancellationToken);
            throw new IncompleteDeletionException([old], new TimeoutException("The backend did not answer in time."));
        }
    }
}
