using NUnit.Framework;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task A_visitors_session_has_no_user_and_lives_an_hour()
    {
        var token = (await Manager.StartVisitorAsync(cancellationToken: Token)).Token;

        var session = (await Manager.AuthAsync(token, null, Token)).Session!;
        Assert.That(session.UserKey, Is.Null);
        Assert.That(session.AuthenticatedAt, Is.Null);
        Assert.That(session.EndsAt - session.CreatedAt, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task Signing_in_gives_a_new_session_with_the_visitors_values_and_ends_the_old_one_at_once()
    {
        var (visitor, planted) = await StartVisitorAsync();

        var issued = await Manager.InitAsync("ann", new SessionInit { ReplacedToken = planted }, Token);

        Assert.That(issued.Session.Id, Is.Not.EqualTo(visitor.Id));
        Assert.That(issued.Session.Values["cart"], Is.EqualTo("3"));
        Assert.That((await Manager.AuthAsync(planted, null, Token)).IsAccepted, Is.False, "A planted token opens nothing.");
        Assert.That((await Manager.AuthAsync(issued.Token, null, Token)).Session!.UserKey, Is.EqualTo("ann"));
        Assert.That(
            Events<SessionEndedContext>().Select(e => (e.Session.Id, e.Reason)),
            Is.EqualTo([(visitor.Id, SessionEndReason.SignedIn)])
        );
    }

    [Test]
    public async Task A_visitors_token_that_was_rotated_never_reaches_the_signed_in_session()
    {
        var planted = (await Manager.StartVisitorAsync(new SessionInit { Lifetime = TimeSpan.FromDays(1) }, Token)).Token;
        Clock.Advance(RotateAfter);
        var (verdict, rotated) = await RequestAsync(planted);

        var issued = await Manager.InitAsync("ann", new SessionInit { ReplacedToken = rotated }, Token);

        Assert.That((await Manager.AuthAsync(planted, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(rotated, null, Token)).IsAccepted, Is.False);
        Assert.That(issued.Token.LineageHash, Is.Not.EqualTo(planted.LineageHash));
    }

    [Test]
    public async Task Signing_in_leaves_the_visitors_values_behind_on_request()
    {
        var (visitor, planted) = await StartVisitorAsync();

        var ann = await Manager.InitAsync("ann", new SessionInit { ReplacedToken = planted, CopyValues = false }, Token);

        Assert.That(ann.Session.Values, Is.Empty);
        Assert.That((await Manager.AuthAsync(planted, null, Token)).IsAccepted, Is.False);
        Assert.That(
            Events<SessionEndedContext>().Select(e => (e.Session.Id, e.Reason)),
            Is.EqualTo([(visitor.Id, SessionEndReason.SignedIn)])
        );
    }

    [Test]
    public async Task Values_of_a_visitor_do_not_come_along_to_a_client_that_the_session_is_not_bound_to()
    {
        var manager = NewManager(o => o.Binding.UserAgent = ClientBindingUserAgentMode.Exact);
        var init = new SessionInit { Values = SessionValues.Empty.Set("cart", "3"), Client = HomeClient };
        var visitor = await manager.StartVisitorAsync(init, Token);

        var other = HomeClient with { UserAgentHash = Sha256Hash.Compute("another"u8) };
        var ann = await manager.InitAsync("ann", new SessionInit { ReplacedToken = visitor.Token, Client = other }, Token);

        Assert.That(ann.Session.Values, Is.Empty);
        Assert.That((await manager.AuthAsync(visitor.Token, init.Client, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task Signing_in_takes_no_values_from_a_session_of_another_user()
    {
        var bob = await Manager.InitAsync("bob", new SessionInit { Values = SessionValues.Empty.Set("secret", "1") }, Token);

        var ann = await Manager.InitAsync("ann", new SessionInit { ReplacedToken = bob.Token }, Token);

        Assert.That(ann.Session.Values, Is.Empty);
        Assert.That((await Manager.AuthAsync(bob.Token, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task An_exclusive_sign_in_ends_all_other_sessions_of_the_user()
    {
        var phone = await Manager.InitAsync("ann", cancellationToken: Token);
        var bob = await Manager.InitAsync("bob", cancellationToken: Token);

        var laptop = await Manager.InitAsync("ann", new SessionInit { Exclusive = true }, Token);

        Assert.That((await Manager.AuthAsync(phone.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(laptop.Token, null, Token)).IsAccepted);
        Assert.That((await Manager.AuthAsync(bob.Token, null, Token)).IsAccepted);
    }

    [TestCase(true, ExpectedResult = "3")]
    [TestCase(false, ExpectedResult = null)]
    public async Task<string?> Signing_out_leaves_a_visitor_who_keeps_the_values_on_request(bool keepValues)
    {
        var (_, held) = await StartVisitorAsync();
        var ann = await Manager.InitAsync("ann", new SessionInit { ReplacedToken = held }, Token);

        var left = await Manager.LogOutAsync(ann.Session, keepValues, Token);

        Assert.That((await Manager.AuthAsync(ann.Token, null, Token)).IsAccepted, Is.False);
        Assert.That(left?.Session.UserKey, Is.Null);
        return left?.Session.Values["cart"];
    }

    [Test]
    public async Task Logging_a_user_out_everywhere_ends_their_sessions_and_no_others()
    {
        var phone = await Manager.InitAsync("ann", cancellationToken: Token);
        var laptop = await Manager.InitAsync("ann", cancellationToken: Token);
        var bob = await Manager.InitAsync("bob", cancellationToken: Token);

        Assert.That(await Administration.RevokeAllAsync("ann", Token), Is.EqualTo(2));

        Assert.That((await Manager.AuthAsync(phone.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(laptop.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(bob.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task For_a_visitor_listing_and_ending_all_mean_only_the_own_session()
    {
        var (visitor, token) = await StartVisitorAsync();
        var (_, other) = await StartVisitorAsync();

        var listed = await Manager.FetchAllAsync(visitor, Token);
        var others = await Manager.RevokeOtherAsync(visitor, Token);
        var ended = await Manager.RevokeAllAsync(visitor, Token);

        Assert.That(listed.Select(session => (session.Id, session.IsCurrent)), Is.EqualTo([(visitor.Id, true)]));
        Assert.That((others, ended), Is.EqualTo((0, 1)));
        Assert.That((await Manager.AuthAsync(token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(other, null, Token)).IsAccepted);
    }

    private async Task<(Session Session, SessionToken Token)> StartVisitorAsync()
    {
        var issued = await Manager.StartVisitorAsync(new SessionInit { Values = SessionValues.Empty.Set("cart", "3") }, Token);
        return (issued.Session, issued.Token);
    }
}
