using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Domain;

namespace Sessions.Tests.Life;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    private static readonly TimeSpan RotateAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Test]
    public async Task A_secret_is_replaced_after_an_hour_and_not_before()
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
        Assert.That(Events<SessionRotatedContext>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_RotateAfter_a_secret_is_replaced_only_on_demand()
    {
        var manager = NewManager(o => (o.RotateAfter, o.Lifetime) = (null, TimeSpan.FromDays(30)));
        var first = (await manager.InitAsync("ann", cancellationToken: Token)).Token;

        Clock.Advance(TimeSpan.FromDays(20));
        var (verdict, same) = await RequestAsync(manager, first);
        var next = await manager.Authenticator.RotateAsync(verdict.Session!, first, Token);

        Assert.That(same, Is.EqualTo(first));
        Assert.That(next, Is.Not.Null.And.Not.EqualTo(first));
        Assert.That((await manager.AuthAsync(next!.Value, null, Token)).IsAccepted);
    }

    [Test]
    public async Task Thirty_requests_with_one_rotatable_token_all_succeed_and_leave_one_new_secret()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => RequestAsync(first))));

        Assert.That(answers, Has.All.Matches<(SessionAuthResult Verdict, SessionToken)>(answer => answer.Verdict.IsAccepted));
        var issued = answers.Select(answer => answer.Token).Where(token => token != first).ToList();
        Assert.That(issued, Has.Count.EqualTo(1), "One new secret was issued.");
        Assert.That((await Manager.AuthAsync(issued[0], null, Token)).IsAccepted, "It is the current one.");
    }

    [Test]
    public async Task The_old_secret_stays_good_while_the_new_one_was_never_shown()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);
        await RequestAsync(Manager, first, responseLost: true);

        Clock.Advance(TimeSpan.FromHours(20));

        Assert.That((await Manager.AuthAsync(first, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_lost_response_is_made_good_by_another_secret_once_in_a_grace()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);
        await RequestAsync(Manager, first, responseLost: true);

        Clock.Advance(Grace);
        var (_, same) = await RequestAsync(first);
        Clock.Advance(Millisecond);
        var (_, second) = await RequestAsync(first);
        var (_, third) = await RequestAsync(first);

        Assert.That(same, Is.EqualTo(first), "Within the grace none is issued: the response may only be slow.");
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(third, Is.EqualTo(first), "Once in a grace.");
        Assert.That((await Manager.AuthAsync(second, null, Token)).IsAccepted);
    }

    [Test]
    public async Task After_the_new_secret_was_shown_the_old_one_is_good_for_the_grace_and_the_tolerance_and_no_longer()
    {
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);

        Clock.Advance(Grace + ClockTolerance.Evaluation);
        var inTime = await Manager.AuthAsync(first, null, Token);
        Clock.Advance(Millisecond);
        var late = await Manager.AuthAsync(first, null, Token);

        Assert.That(inTime.IsAccepted);
        Assert.That(late.Rejection, Is.EqualTo(SessionRejection.ReusedSecret));
    }

    [Test]
    public async Task A_request_on_its_way_with_the_old_secret_does_not_replace_the_one_that_its_client_has_already_shown()
    {
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        var session = (await Manager.AuthAsync(first, null, Token)).Session!;

        var next = await Manager.Authenticator.RotateAsync(session, first, Token);

        Assert.That(next, Is.Null);
        Assert.That((await Manager.AuthAsync(second, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_copy_used_after_the_victim_rotated_ends_the_session_and_is_reported()
    {
        var (stolen, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        Clock.Advance(Grace + ClockTolerance.Evaluation + Millisecond);

        await RequestAsync(stolen);

        Assert.That((await Manager.AuthAsync(second, null, Token)).Rejection, Is.EqualTo(SessionRejection.Unknown));
        Assert.That(Events<SessionReuseDetectedContext>(), Has.Count.EqualTo(1));
        Assert.That(Events<SessionEndedContext>().Select(e => e.Reason), Is.EqualTo([SessionEndReason.Reuse]));
    }

    [Test]
    public async Task A_copy_that_the_thief_rotated_ends_the_session_at_the_victims_next_visit()
    {
        var (victim, thief) = await CreateRotatedAsync();
        await RequestAsync(thief);
        Clock.Advance(Grace + ClockTolerance.Evaluation + Millisecond);

        var (visit, _) = await RequestAsync(victim);

        Assert.That(visit.Rejection, Is.EqualTo(SessionRejection.ReusedSecret));
        Assert.That((await Manager.AuthAsync(thief, null, Token)).IsAccepted, Is.False);
        Assert.That(Events<SessionReuseDetectedContext>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_copy_from_many_generations_ago_is_known_by_its_lineage()
    {
        var (stolen, token) = await CreateRotatedAsync();
        for (var generation = 0; generation < 5; generation++)
        {
            Clock.Advance(RotateAfter);
            (_, token) = await RequestAsync(token);
            (_, token) = await RequestAsync(token);
        }

        var (verdict, _) = await RequestAsync(stolen);

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.ReusedSecret));
        Assert.That((await Manager.AuthAsync(token, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task Garbage_on_a_public_id_never_ends_the_session()
    {
        var (_, token) = await CreateRotatedAsync();
        var garbage = ForgedToken.Create(token.Id);

        var (verdict, _) = await RequestAsync(garbage);

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.WrongSecret));
        Assert.That((await Manager.AuthAsync(token, null, Token)).IsAccepted);
        Assert.That(Events<SessionReuseDetectedContext>(), Is.Empty);
    }

    [Test]
    public async Task A_node_whose_clock_is_off_by_the_tolerance_still_accepts_what_is_within_the_grace()
    {
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        Clock.Advance(Grace);

        var ahead = NewManager(time: Clock.CreateSkewed(ClockTolerance.Evaluation));

        Assert.That((await ahead.AuthAsync(first, null, Token)).IsAccepted);
    }

    /// <summary>A session that has rotated once: the secret before, and the one that the client was given.</summary>
    private async Task<(SessionToken First, SessionToken Second)> CreateRotatedAsync()
    {
        var first = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(RotateAfter);
        var (_, second) = await RequestAsync(first);
        Assert.That(second, Is.Not.EqualTo(first), "The secret was rotated.");
        return (first, second);
    }
}
