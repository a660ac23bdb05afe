using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task Each_end_carries_its_reason_and_the_session_that_caused_it()
    {
        var manager = NewManager(o => o.MaxSessionsPerUser = 3);
        var (a, b, c) = (await NextUnreadableAsync(manager), await NextUnreadableAsync(manager), await NextUnreadableAsync(manager));
        var d = await NextUnreadableAsync(manager);
        await manager.RevokeAsync(d, c.Id, Token);
        await manager.RevokeOtherAsync(d, Token);
        await manager.RevokeAsync(d, d.Id, Token);
        var e = await NextUnreadableAsync(manager);
        await new SessionAdministration(manager).RevokeAsync(e.Id, Token);

        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason, end.Actor)),
            Is.EqualTo([
                (a.Id, SessionEndReason.Limit, d.Id),
                (c.Id, SessionEndReason.OtherDevice, d.Id),
                (b.Id, SessionEndReason.OtherDevice, d.Id),
                (d.Id, SessionEndReason.SignedOut, d.Id),
                (e.Id, SessionEndReason.Administrator, (SessionId?)null),
            ])
        );
    }

    [Test]
    public async Task A_session_that_the_same_browser_held_is_replaced()
    {
        var old = await Manager.InitAsync("ann", cancellationToken: Token);

        await Manager.InitAsync("ann", new SessionInit { ReplacedToken = old.Token }, Token);

        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(old.Session.Id, SessionEndReason.Replaced)])
        );
    }

    [Test]
    public async Task A_session_that_the_same_browser_held_is_replaced_also_when_its_client_has_changed()
    {
        var manager = NewManager(o => o.Binding.Address = ClientBindingAddressMode.Exact);
        var old = await manager.InitAsync("ann", new SessionInit { Client = HomeClient }, Token);

        var moved = HomeClient with { IPAddress = System.Net.IPAddress.Parse("198.51.100.1") };
        await manager.InitAsync("ann", new SessionInit { ReplacedToken = old.Token, Client = moved }, Token);

        Assert.That(
            Events<SessionEndedContext>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(old.Session.Id, SessionEndReason.Replaced)])
        );
    }

    [Test]
    public async Task A_thief_who_hangs_up_does_not_keep_the_session()
    {
        var (stolen, second) = await CreateConfirmedAsync();
        Clock.Advance(ReuseWindow + ClockTolerance.Evaluation);
        using var hangUp = new CancellationTokenSource();
        var manager = NewManager(o => o.Events.OnCopyDetected = async _ => await hangUp.CancelAsync());

        await manager.AuthAsync(stolen, null, hangUp.Token);

        Assert.That((await Manager.AuthAsync(second, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task Beginning_a_session_with_garbage_on_a_public_id_ends_nothing()
    {
        var victim = await Manager.InitAsync("ann", cancellationToken: Token);

        await Manager.InitAsync("mallory", new SessionInit { ReplacedToken = ForgedToken.Create(victim.Session.Id) }, Token);

        Assert.That((await Manager.AuthAsync(victim.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_handler_that_throws_fails_nothing_and_stops_no_other_handler()
    {
        var told = 0;
        var manager = NewManager(o =>
        {
            o.Events.OnCreated = _ => throw new InvalidOperationException("The mail server is down.");
            o.Events.OnCreated += _ =>
            {
                told++;
                return ValueTask.CompletedTask;
            };
        });

        var issued = await manager.InitAsync("ann", cancellationToken: Token);

        Assert.That(told, Is.EqualTo(1));
        Assert.That((await manager.AuthAsync(issued.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_token_that_is_not_accepted_raises_an_event_with_its_reason()
    {
        var token = SessionToken.Create("ann");

        await Manager.AuthAsync(token, null, Token);

        Assert.That(Events<TokenRejectedContext>().Select(e => (e.Id, e.Reason)), Is.EqualTo([(token.Id, SessionRejection.Unknown)]));
    }

    private async Task<Session> NextUnreadableAsync(SessionManager manager)
    {
        // One after the other in time, so that "the oldest" is one.
        Clock.Advance(TimeSpan.FromSeconds(1));
        return (await manager.InitAsync("ann", cancellationToken: Token)).Session;
    }
}
