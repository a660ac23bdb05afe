using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    private static readonly TimeSpan RotateAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReuseWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task A_token_is_replaced_after_an_hour_and_not_before()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;

        Clock.Advance(RotateAfter - Millisecond);
        var (_, same) = await RequestAsync(first);
        Clock.Advance(Millisecond);
        var (_, next) = await RequestAsync(first);

        Assert.That(same, Is.EqualTo(first));
        Assert.That(next, Is.Not.EqualTo(first));
        Assert.That(next.Id, Is.EqualTo(first.Id), "The session keeps its id.");
        Assert.That(next.LineageHash, Is.EqualTo(first.LineageHash), "The session keeps its lineage.");
        Assert.That(next.Generation, Is.EqualTo(1));
        Assert.That(Events<SessionRotatedContext>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_RotateAfter_a_token_is_replaced_only_on_demand()
    {
        var manager = NewManager(o => (o.RotateAfter, o.Lifetime) = (null, TimeSpan.FromDays(30)));
        var first = (await manager.InitAsync("ann", cancellationToken: Token)).Token;

        Clock.Advance(TimeSpan.FromDays(20));
        var (result, same) = await RequestAsync(manager, first);
        var next = await manager.Authenticator.RotateAsync(result, first, Token);

        Assert.That(same, Is.EqualTo(first));
        Assert.That(next, Is.Not.Null.And.Not.EqualTo(first));
        Assert.That((await manager.AuthAsync(next!.Value, null, Token)).IsAccepted);
    }

    [Test]
    public async Task Thirty_requests_with_one_token_that_is_due_all_succeed_and_leave_one_new_token()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => RequestAsync(first))));

        Assert.That(answers, Has.All.Matches<(SessionAuthResult Verdict, SessionToken)>(answer => answer.Verdict.IsAccepted));
        var issued = answers.Select(answer => answer.Token).Where(token => token != first).ToList();
        Assert.That(issued, Has.Count.EqualTo(1), "One new token was issued.");
        Assert.That((await Manager.AuthAsync(issued[0], null, Token)).IsAccepted, "It is the current one.");
    }

    [Test]
    public async Task The_old_token_stays_good_while_the_new_one_was_never_shown()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);
        await RequestAsync(Manager, first, responseLost: true);

        Clock.Advance(TimeSpan.FromHours(20));

        Assert.That((await Manager.AuthAsync(first, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_lost_answer_is_made_good_by_the_same_token_after_a_minute()
    {
        var (first, second) = await CreateRotatedAsync();

        Clock.Advance(TimeSpan.FromMinutes(1));
        var (_, none) = await RequestAsync(first);
        Clock.Advance(Millisecond);
        var (_, again) = await RequestAsync(first);
        var (_, third) = await RequestAsync(first);

        Assert.That(none, Is.EqualTo(first), "Within a minute the answer may only be slow.");
        Assert.That(again, Is.EqualTo(second), "No second generation is made of one.");
        Assert.That(third, Is.EqualTo(second), "Until the client shows it.");
        Assert.That((await Manager.AuthAsync(second, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_browser_that_lost_the_token_it_had_just_shown_goes_on_with_the_one_before_and_is_given_the_same_again()
    {
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);

        // The browser is killed three seconds after the rotation, before it wrote its cookies, and started again a day later.
        Clock.Advance(TimeSpan.FromHours(20));
        var (result, again) = await RequestAsync(first);

        Assert.That(result.IsAccepted);
        Assert.That(again, Is.EqualTo(second));
        Assert.That(Events<CopyDetectedContext>(), Is.Empty);
    }

    [Test]
    public async Task Once_it_is_certain_that_the_client_has_the_new_token_the_old_one_is_good_for_the_grace_then_late_and_then_a_copy()
    {
        var (first, second) = await CreateConfirmedAsync();

        Clock.Advance(Grace + ClockTolerance.Evaluation);
        var inGrace = await Manager.AuthAsync(first, null, Token);
        Clock.Advance(Millisecond);
        var late = await Manager.AuthAsync(first, null, Token);
        Clock.Advance(ReuseWindow - Grace - Millisecond - Millisecond);
        var lastLate = await Manager.AuthAsync(first, null, Token);
        var living = await Manager.AuthAsync(second, null, Token);
        Clock.Advance(Millisecond);
        var copy = await Manager.AuthAsync(first, null, Token);

        Assert.That(inGrace.IsAccepted);
        Assert.That((late.Rejection, lastLate.Rejection), Is.EqualTo((SessionRejection.Late, SessionRejection.Late)));
        Assert.That(living.IsAccepted, "A late request changes nothing.");
        Assert.That(copy.Rejection, Is.EqualTo(SessionRejection.Copied));
        Assert.That((await Manager.AuthAsync(second, null, Token)).Rejection, Is.EqualTo(SessionRejection.Unknown));
        Assert.That(Events<CopyDetectedContext>(), Has.Count.EqualTo(1));
        Assert.That(Events<SessionEndedContext>().Select(e => e.Reason), Is.EqualTo([SessionEndReason.Copied]));
    }

    [Test]
    public async Task A_token_is_confirmed_by_a_showing_a_minute_after_the_first_and_not_before()
    {
        var (_, second) = await CreateRotatedAsync();

        await RequestAsync(second);
        Clock.Advance(RotationRules.FlushTime - Millisecond);
        await RequestAsync(second);
        var delivered = (await Store.FetchSessionAsync(second.Id, Token))!.Credential;
        Clock.Advance(Millisecond);
        await RequestAsync(second);
        var confirmed = (await Store.FetchSessionAsync(second.Id, Token))!.Credential;

        Assert.That(
            (delivered.DeliveredAt, delivered.ConfirmedAt),
            Is.EqualTo((Clock.UtcNow - RotationRules.FlushTime, (DateTimeOffset?)null))
        );
        Assert.That((confirmed.ConfirmedAt, confirmed.Salt), Is.EqualTo((Clock.UtcNow, (CredentialSalt?)null)), "The salt is erased.");
    }

    [Test]
    public async Task A_node_whose_clock_is_two_minutes_ahead_does_not_confirm_what_another_node_has_just_seen()
    {
        var ahead = NewManager(time: Clock.CreateSkewed(TimeSpan.FromMinutes(2)));
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await RequestAsync(ahead, second);
        Clock.Advance(TimeSpan.FromHours(2));

        // The browser was killed before it had the second one on disk.
        var (result, next) = await RequestAsync(first);

        Assert.That(result.IsAccepted, Is.True);
        Assert.That(next, Is.EqualTo(second));
    }

    [Test]
    public async Task A_token_that_is_not_confirmed_is_not_replaced()
    {
        var (_, second) = await CreateRotatedAsync();
        var (result, _) = await RequestAsync(second);

        var next = await Manager.Authenticator.RotateAsync(result, second, Token);

        Assert.That(next, Is.Null);
        Assert.That((await Manager.AuthAsync(second, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_rotation_on_demand_with_the_token_before_gives_the_one_that_another_request_has_just_made()
    {
        var (first, second) = await CreateRotatedAsync();
        var result = await Manager.AuthAsync(first, null, Token);

        Assert.That(await Manager.Authenticator.RotateAsync(result, first, Token), Is.EqualTo(second));
    }

    [Test]
    public async Task A_request_on_its_way_with_the_old_token_does_not_replace_the_one_that_its_client_has_already_shown()
    {
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        var result = await Manager.AuthAsync(first, null, Token);

        var next = await Manager.Authenticator.RotateAsync(result, first, Token);

        Assert.That(next, Is.Null);
        Assert.That((await Manager.AuthAsync(second, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_node_whose_clock_is_off_by_the_tolerance_still_accepts_what_is_within_the_grace()
    {
        var (first, _) = await CreateConfirmedAsync();
        Clock.Advance(Grace);

        var ahead = NewManager(time: Clock.CreateSkewed(ClockTolerance.Evaluation));

        Assert.That((await ahead.AuthAsync(first, null, Token)).IsAccepted);
    }

    /// <summary>A session that has rotated once: the token before, and the one that the client was given.</summary>
    private async Task<(SessionToken First, SessionToken Second)> CreateRotatedAsync()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);
        var (_, second) = await RequestAsync(first);
        Assert.That(second, Is.Not.EqualTo(first), "The token was replaced.");
        return (first, second);
    }

    /// <summary>The same, with a client that has shown the new token and certainly has it.</summary>
    private async Task<(SessionToken First, SessionToken Second)> CreateConfirmedAsync()
    {
        var (first, second) = await CreateRotatedAsync();
        return (first, await ConfirmAsync(second));
    }

    private async Task<SessionToken> ConfirmAsync(SessionToken token)
    {
        await RequestAsync(token);
        Clock.Advance(RotationRules.FlushTime);
        await RequestAsync(token);
        return token;
    }
}
