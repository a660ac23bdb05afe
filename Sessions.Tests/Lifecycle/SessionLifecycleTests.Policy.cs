using NUnit.Framework;

namespace Sessions.Tests.Lifecycle;

/// <content>Options that changed since a session began.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task A_shorter_lifetime_reaches_sessions_that_live()
    {
        var issued = await NewManager(o => o.Lifetime = TimeSpan.FromDays(14)).InitAsync("ann", cancellationToken: Token);
        var today = NewManager(o => o.Lifetime = TimeSpan.FromHours(1));
        Clock.Advance(TimeSpan.FromMinutes(59));
        var before = await today.AuthAsync(issued.Token, null, Token);
        Clock.Advance(TimeSpan.FromMinutes(1));

        var after = await today.AuthAsync(issued.Token, null, Token);

        Assert.That(before.Session!.EndsAt, Is.EqualTo(Clock.UtcNow));
        Assert.That(after.Rejection, Is.EqualTo(SessionRejection.Expired));
        Assert.That(await today.FetchAllAsync(issued.Session, Token), Is.Empty);
        Assert.That(await new SessionAdministration(today).FetchAllAsync("ann", Token), Is.Empty);
        Assert.That((await new SessionAdministration(today).FetchPageAsync(cancellationToken: Token)).Sessions, Is.Empty);
        var update = await today.UpdateValuesAsync(issued.Session.Id, ValuesPatch.Empty.Set("a", "b"), Token);
        Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.Gone));
    }

    [Test]
    public async Task A_new_idle_time_reaches_sessions_that_live()
    {
        var used = await NewManager(o => o.Lifetime = TimeSpan.FromDays(14)).InitAsync("ann", cancellationToken: Token);
        var unused = await Manager.InitAsync("ann", cancellationToken: Token);
        var today = NewManager(o => (o.Lifetime, o.IdleTimeout) = (TimeSpan.FromDays(14), TimeSpan.FromMinutes(10)));
        for (var minute = 0; minute < 20; minute++)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.That((await RequestAsync(today, used.Token)).Verdict.IsAccepted, Is.True);
            await today.Authenticator.FlushAsync(Token);
        }

        Assert.That((await today.AuthAsync(unused.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Expired));
        var listed = (await today.FetchAllAsync(used.Session, Token)).Single();
        Assert.That((listed.Id, listed.ExpiresAt), Is.EqualTo((used.Session.Id, Clock.UtcNow + TimeSpan.FromMinutes(10))));
    }

    [Test]
    public async Task A_longer_idle_time_holds_from_the_next_use_on()
    {
        var issued = await NewManager(o => o.IdleTimeout = TimeSpan.FromMinutes(10)).InitAsync("ann", cancellationToken: Token);
        var today = NewManager(o => o.IdleTimeout = TimeSpan.FromHours(1));
        Clock.Advance(TimeSpan.FromMinutes(9));
        await RequestAsync(today, issued.Token);
        await today.Authenticator.FlushAsync(Token);
        Clock.Advance(TimeSpan.FromMinutes(59));

        Assert.That((await today.AuthAsync(issued.Token, null, Token)).IsAccepted, Is.True);
    }

    [Test]
    public async Task A_lifetime_of_the_call_is_kept_up_to_the_longest_of_today()
    {
        var init = new SessionInit { Lifetime = TimeSpan.FromDays(30) };
        var issued = await Manager.InitAsync("ann", init, Token);
        var stricter = NewManager(o => (o.Lifetime, o.IdleTimeout) = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)));
        var capped = NewManager(o => o.MaxLifetime = TimeSpan.FromDays(7));
        Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));

        Assert.That((await stricter.AuthAsync(issued.Token, null, Token)).Session!.EndsAt, Is.EqualTo(issued.Session.EndsAt));
        Assert.That((await capped.AuthAsync(issued.Token, null, Token)).IsAccepted, Is.True);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((await capped.AuthAsync(issued.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Expired));
        Assert.That((await capped.InitAsync("ann", init, Token)).Session.EndsAt, Is.EqualTo(Clock.UtcNow + TimeSpan.FromDays(7)));
    }

    [Test]
    public async Task An_assurance_level_holds_for_every_session_of_a_user()
    {
        var init = new SessionInit { Lifetime = TimeSpan.FromDays(30) };
        var (used, unused) = (await Manager.InitAsync("ann", init, Token), await Manager.InitAsync("ann", init, Token));
        var today = NewManager(o => o.UseAssurance(NistAal.Aal3));
        for (var minutes = 0; minutes < 12 * 60; minutes += 10)
        {
            Assert.That((await today.AuthAsync(used.Token, null, Token)).Session!.EndsAt, Is.EqualTo(used.Session.CreatedAt.AddHours(12)));
            await today.Authenticator.RecordUseAsync(await today.AuthAsync(used.Token, null, Token), null, slide: true, Token);
            await today.Authenticator.FlushAsync(Token);
            Clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.That((await today.AuthAsync(used.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Expired));
        Assert.That((await today.AuthAsync(unused.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Expired));
    }

    [Test]
    public async Task Visitors_follow_their_own_lifetime()
    {
        var issued = await Manager.StartVisitorAsync(cancellationToken: Token);
        var today = NewManager(o => o.VisitorLifetime = TimeSpan.FromMinutes(5));
        Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That((await today.AuthAsync(issued.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Expired));
        Assert.That((await Manager.AuthAsync(issued.Token, null, Token)).IsAccepted, Is.True);
    }

    [Test]
    public async Task After_a_proof_the_lifetime_of_today_begins_and_the_old_token_ends_with_the_old_one()
    {
        var issued = await NewManager(o => o.Lifetime = TimeSpan.FromDays(14)).InitAsync("ann", cancellationToken: Token);
        var today = NewManager(o => o.Lifetime = TimeSpan.FromMinutes(20));
        Clock.Advance(TimeSpan.FromMinutes(15));
        var result = await today.AuthAsync(issued.Token, null, Token);

        var proven = await today.Authenticator.ReauthenticateAsync(result, issued.Token, "otp", Token);

        Assert.That(proven!.Session.EndsAt, Is.EqualTo(Clock.UtcNow + TimeSpan.FromMinutes(20)));
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await today.AuthAsync(issued.Token, null, Token)).Rejection, Is.EqualTo(SessionRejection.Ended));
        Assert.That((await today.AuthAsync(proven.Token, null, Token)).IsAccepted, Is.True);
    }
}
