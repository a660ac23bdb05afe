using NUnit.Framework;
using Sessions.Clients;
using Sessions.Events;
using Sessions.Stores;
using Sessions.Tests.Domain;

namespace Sessions.Tests.Life;

internal abstract partial class SessionLife<TStore>
{
    [Test]
    public async Task Each_end_tells_its_reason_and_who_asked_for_it()
    {
        var manager = NewManager(o => o.MaxSessionsPerUser = 3);
        var (a, b, c) = (await NextAsync(manager), await NextAsync(manager), await NextAsync(manager));
        var d = await NextAsync(manager);
        await manager.RevokeOwnAsync(d, c.Id, Token);
        await manager.RevokeOtherAsync(d, Token);
        await manager.RevokeOwnAsync(d, d.Id, Token);
        var e = await NextAsync(manager);
        await manager.RevokeAsync(e.Id, Token);

        Assert.That(
            Events<SessionEnded>().Select(end => (end.Session.Id, end.Reason, end.Actor)),
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

        await Manager.InitAsync("ann", new SessionInit { Held = old.Token }, Token);

        Assert.That(
            Events<SessionEnded>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(old.Session.Id, SessionEndReason.Replaced)])
        );
    }

    [Test]
    public async Task A_session_that_the_same_browser_held_is_replaced_also_when_its_client_has_changed()
    {
        var manager = NewManager(o => o.Binding.Address = AddressBinding.Exact);
        var old = await manager.InitAsync("ann", new SessionInit { Client = Home }, Token);

        await manager.InitAsync("ann", new SessionInit { Held = old.Token, Client = ClientInfo.Unknown }, Token);

        Assert.That(
            Events<SessionEnded>().Select(end => (end.Session.Id, end.Reason)),
            Is.EqualTo([(old.Session.Id, SessionEndReason.Replaced)])
        );
    }

    [Test]
    public async Task A_thief_who_hangs_up_does_not_keep_the_session()
    {
        var (stolen, second) = await RotatedAsync();
        await RequestAsync(second);
        Clock.Advance(Grace + ClockTolerance.Verdict + Millisecond);
        using var hangUp = new CancellationTokenSource();
        var manager = NewManager(o => o.Events.ReuseDetected = async _ => await hangUp.CancelAsync());

        await manager.AuthAsync(stolen, null, hangUp.Token);

        Assert.That((await Manager.AuthAsync(second, null, Token)).Accepted, Is.False);
    }

    [Test]
    public async Task Beginning_a_session_with_garbage_on_a_public_id_ends_nothing()
    {
        var victim = await Manager.InitAsync("ann", cancellationToken: Token);

        await Manager.InitAsync("mallory", new SessionInit { Held = ForgedToken.Of(victim.Session.Id) }, Token);

        Assert.That((await Manager.AuthAsync(victim.Token, null, Token)).Accepted);
    }

    [Test]
    public async Task A_handler_that_throws_fails_nothing_and_stops_no_other_handler()
    {
        var told = 0;
        var manager = NewManager(o =>
        {
            o.Events.Created = _ => throw new InvalidOperationException("The mail server is down.");
            o.Events.Created += _ =>
            {
                told++;
                return ValueTask.CompletedTask;
            };
        });

        var issued = await manager.InitAsync("ann", cancellationToken: Token);

        Assert.That(told, Is.EqualTo(1));
        Assert.That((await manager.AuthAsync(issued.Token, null, Token)).Accepted);
    }

    [Test]
    public async Task A_token_that_is_not_accepted_is_told_with_its_reason()
    {
        var token = SessionToken.Create("ann");

        await Manager.AuthAsync(token, null, Token);

        Assert.That(Events<SessionRejected>().Select(e => (e.Id, e.Reason)), Is.EqualTo([(token.Id, SessionRejection.Unknown)]));
    }

    private async Task<Session> NextAsync(SessionManager manager)
    {
        // One after the other in time, so that "the oldest" is one.
        Clock.Advance(TimeSpan.FromSeconds(1));
        return (await manager.InitAsync("ann", cancellationToken: Token)).Session;
    }
}
