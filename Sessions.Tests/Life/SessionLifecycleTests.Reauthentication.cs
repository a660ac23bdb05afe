using NUnit.Framework;

namespace Sessions.Tests.Life;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task Reauthenticating_starts_both_clocks_anew_and_leaves_the_old_secret_no_grace()
    {
        var manager = NewManager(o => (o.Lifetime, o.IdleTimeout) = (TimeSpan.FromHours(12), TimeSpan.FromHours(1)));
        var issued = await manager.InitAsync("ann", new SessionInit { AuthenticationMethod = "pwd" }, Token);
        Clock.Advance(TimeSpan.FromMinutes(50));
        var verdict = await manager.AuthAsync(issued.Token, null, Token);

        var again = await manager.Authenticator.ReauthenticateAsync(verdict.Session!, issued.Token, "otp", Token);

        var now = Clock.UtcNow;
        var session = await Store.FetchAsync(issued.Token.Id, Token);
        Assert.That(session!.EndsAt, Is.EqualTo(now + TimeSpan.FromHours(12)).Within(Millisecond));
        Assert.That(session.ExpiresAt, Is.EqualTo(now + TimeSpan.FromHours(1)).Within(Millisecond));
        Assert.That((session.AuthenticatedAt, session.AuthenticationMethod), Is.EqualTo((again!.Session.AuthenticatedAt, "otp")));
        Assert.That((await manager.AuthAsync(again.Token, null, Token)).IsAccepted);
        Assert.That((await manager.AuthAsync(issued.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.ReusedSecret));
    }

    [Test]
    public async Task Reauthenticating_again_keeps_the_lifetime_that_the_session_was_given()
    {
        var issued = await Manager.InitAsync("ann", new SessionInit { Lifetime = TimeSpan.FromDays(7) }, Token);
        var (session, token) = (issued.Session, issued.Token);
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromDays(2));
            var again = await Manager.Authenticator.ReauthenticateAsync(session, token, "pwd", Token);
            (session, token) = (again!.Session, again.Token);
        }

        Assert.That(session.EndsAt, Is.EqualTo(Clock.UtcNow + TimeSpan.FromDays(7)).Within(Millisecond));
    }

    [TestCase(NistAal.Aal2, 30 * 24)]
    [TestCase(NistAal.Aal3, 12)]
    public async Task A_call_gets_the_lifetime_it_asks_for_but_never_more_than_a_level_demands(NistAal level, int hours)
    {
        var manager = NewManager(o => o.UseAssurance(level));

        var session = (await manager.InitAsync("ann", new SessionInit { Lifetime = TimeSpan.FromDays(30) }, Token)).Session;

        Assert.That(session.EndsAt - session.CreatedAt, Is.EqualTo(TimeSpan.FromHours(hours)));
    }

    [Test]
    public async Task A_sign_in_is_fresh_up_to_its_age_and_a_visitor_never_is()
    {
        var ann = (await Manager.InitAsync("ann", cancellationToken: Token)).Session;
        var visitor = (await Manager.StartVisitorAsync(cancellationToken: Token)).Session;

        Clock.UtcNow = ann.AuthenticatedAt!.Value + TimeSpan.FromMinutes(5);
        var at = Manager.Authenticator.IsFresh(ann, TimeSpan.FromMinutes(5));
        Clock.Advance(Millisecond);

        Assert.That(at);
        Assert.That(Manager.Authenticator.IsFresh(ann, TimeSpan.FromMinutes(5)), Is.False);
        Assert.That(Manager.Authenticator.IsFresh(visitor, TimeSpan.FromDays(1)), Is.False);
    }
}
