using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task Reauthenticating_starts_both_clocks_anew_for_the_new_token_only()
    {
        var manager = NewManager(o => (o.Lifetime, o.IdleTimeout) = (TimeSpan.FromHours(12), TimeSpan.FromHours(1)));
        var issued = await manager.InitAsync("ann", new SessionInit { AuthenticationMethod = "pwd" }, Token);
        Clock.Advance(TimeSpan.FromMinutes(50));
        var verdict = await manager.AuthAsync(issued.Token, null, Token);

        var again = await manager.Authenticator.ReauthenticateAsync(verdict, issued.Token, "otp", Token);

        var now = Clock.UtcNow;
        var session = await Store.FetchSessionAsync(issued.Token.Id, Token);
        Assert.That(session!.EndsAt, Is.EqualTo(now + TimeSpan.FromHours(12)).Within(Millisecond));
        Assert.That(session.ExpiresAt, Is.EqualTo(now + TimeSpan.FromHours(1)).Within(Millisecond));
        Assert.That((session.AuthenticatedAt, session.AuthenticationMethod), Is.EqualTo((again!.Session.AuthenticatedAt, "otp")));
        Assert.That((await manager.AuthAsync(again.Token, null, Token)).IsAccepted);
        var before = (await manager.AuthAsync(issued.Token, null, Token)).Session!;
        Assert.That((before.AuthenticatedAt, before.AuthenticationMethod), Is.EqualTo((issued.Session.AuthenticatedAt, "pwd")));
        Assert.That(before.EndsAt, Is.EqualTo(issued.Session.EndsAt));
    }

    [Test]
    public async Task The_previous_token_ends_at_the_end_that_it_had_before_the_reauthentication()
    {
        var manager = NewManager(o => o.Lifetime = TimeSpan.FromHours(12));
        var issued = await manager.InitAsync("ann", cancellationToken: Token);
        Clock.Advance(TimeSpan.FromHours(6));
        var again = await manager.Authenticator.ReauthenticateAsync(
            await manager.AuthAsync(issued.Token, null, Token),
            issued.Token,
            "otp",
            Token
        );
        Clock.UtcNow = issued.Session.EndsAt;

        Assert.That((await manager.AuthAsync(issued.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Ended));
        Assert.That((await manager.AuthAsync(again!.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_user_whose_first_answer_was_lost_proves_it_again_and_is_given_the_same_token()
    {
        var issued = await Manager.InitAsync("ann", cancellationToken: Token);
        var first = await Manager.Authenticator.ReauthenticateAsync(
            await Manager.AuthAsync(issued.Token, null, Token),
            issued.Token,
            "otp",
            Token
        );

        // A poll from another tab, with the token before: it goes on, and is not given the new one.
        var (poll, polled) = await RequestAsync(issued.Token);
        Clock.Advance(TimeSpan.FromMinutes(5));
        var (_, polledLater) = await RequestAsync(issued.Token);
        var second = await Manager.Authenticator.ReauthenticateAsync(
            await Manager.AuthAsync(issued.Token, null, Token),
            issued.Token,
            "otp",
            Token
        );

        Assert.That(poll.IsAccepted);
        Assert.That((polled, polledLater), Is.EqualTo((issued.Token, issued.Token)));
        Assert.That(second!.Token, Is.EqualTo(first!.Token));
        Assert.That(second.Session.AuthenticationMethod, Is.EqualTo("otp"));
    }

    [Test]
    public async Task A_proof_right_after_a_rotation_counts_for_the_token_that_the_client_has_shown_before_and_is_to_be_tried_again_otherwise()
    {
        var (_, second) = await CreateRotatedAsync();

        var (first, _) = await RequestAsync(second);
        var atFirstShowing = await Manager.Authenticator.ReauthenticateAsync(first, second, "otp", Token);
        var (next, _) = await RequestAsync(second);
        var afterwards = await Manager.Authenticator.ReauthenticateAsync(next, second, "otp", Token);

        Assert.That(atFirstShowing, Is.Null);
        Assert.That(afterwards!.Token, Is.EqualTo(second));
        Assert.That((await Manager.AuthAsync(second, null, Token)).Session!.AuthenticationMethod, Is.EqualTo("otp"));
    }

    [Test]
    public async Task A_proof_never_counts_for_a_token_that_a_rotation_made_and_the_client_has_not_shown()
    {
        var (first, second) = await CreateRotatedAsync();

        var issued = await Manager.Authenticator.ReauthenticateAsync(await Manager.AuthAsync(first, null, Token), first, "otp", Token);

        Assert.That(issued, Is.Null);
        Assert.That((await Manager.AuthAsync(second, null, Token)).Session!.AuthenticationMethod, Is.Null);
    }

    [Test]
    public async Task Reauthenticating_again_keeps_the_lifetime_that_the_session_was_given()
    {
        var manager = NewManager(o => o.RotateAfter = null);
        var issued = await manager.InitAsync("ann", new SessionInit { Lifetime = TimeSpan.FromDays(7) }, Token);
        var (session, token) = (issued.Session, issued.Token);
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromDays(2));
            await RequestAsync(manager, token);
            Clock.Advance(RotationRules.FlushTime);
            var (result, _) = await RequestAsync(manager, token);
            var again = await manager.Authenticator.ReauthenticateAsync(result, token, "pwd", Token);
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
