using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <content>Tokens that are not the current one any more, or never were.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task A_copy_from_many_generations_ago_is_known_by_its_lineage()
    {
        var (stolen, token) = await CreateRotatedAsync();
        for (var generation = 0; generation < 3; generation++)
        {
            token = await ConfirmAsync(token);
            Clock.Advance(RotateAfter);
            (_, token) = await RequestAsync(token);
        }

        var (result, _) = await RequestAsync(stolen);

        Assert.That(token.Generation, Is.EqualTo(4));
        Assert.That(result.Rejection, Is.EqualTo(SessionRejection.Copied));
        Assert.That((await Manager.AuthAsync(token, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task Rotations_on_demand_every_few_minutes_do_not_keep_an_old_copy_late_for_ever()
    {
        var (stolen, token) = await CreateRotatedAsync();
        for (var minutes = 0; minutes < 120; minutes += 3)
        {
            token = await ConfirmAsync(token);
            Clock.Advance(TimeSpan.FromMinutes(2));
            var (result, _) = await RequestAsync(token);
            token = (await Manager.Authenticator.RotateAsync(result, token, Token))!.Value;
        }

        Assert.That((await Manager.AuthAsync(stolen, null, Token)).Rejection, Is.EqualTo(SessionRejection.Copied));
    }

    [Test]
    public async Task A_token_newer_than_the_stored_one_is_refused_without_an_alarm()
    {
        var (first, second) = await CreateRotatedAsync();
        var before = SessionCredential.Create(first);
        var lost = (await Store.FetchSessionAsync(first.Id, Token))!.Credential;

        // What a failover leaves that loses the last write.
        await Store.UpdateAsync(
            first.Id,
            new()
            {
                Credential = new() { Expected = lost, Next = before },
            },
            Token
        );

        Assert.That((await Manager.AuthAsync(second, null, Token)).Rejection, Is.EqualTo(SessionRejection.Ahead));
        Assert.That((await Manager.AuthAsync(first, null, Token)).IsAccepted, "The session lives.");
        Assert.That(Events<CopyDetectedContext>(), Is.Empty);
    }

    [Test]
    public async Task A_token_with_one_other_character_changes_nothing()
    {
        var (_, token) = await CreateRotatedAsync();
        var text = token.Reveal();

        for (var i = SessionId.Length; i < text.Length; i++)
        {
            Assert.That(
                SessionToken.TryParse(text[..i] + (text[i] == 'x' ? 'y' : 'x') + text[(i + 1)..], out _),
                Is.False,
                $"character {i}"
            );
        }

        Assert.That(
            (await Manager.AuthAsync(ForgedToken.Create(token.Id), null, Token)).Rejection,
            Is.EqualTo(SessionRejection.WrongToken)
        );
        Assert.That((await Manager.AuthAsync(token, null, Token)).IsAccepted);
        Assert.That(Events<CopyDetectedContext>(), Is.Empty);
    }

    [Test]
    public async Task Twenty_requests_with_an_old_copy_end_the_session_once_and_raise_each_event_once()
    {
        var (first, _) = await CreateConfirmedAsync();
        Clock.Advance(ReuseWindow + ClockTolerance.Evaluation);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await Manager.AuthAsync(first, null, Token)))
        );

        Assert.That(results, Has.All.Matches<SessionAuthResult>(result => !result.IsAccepted));
        Assert.That(Events<CopyDetectedContext>(), Has.Count.EqualTo(1));
        Assert.That(Events<SessionEndedContext>(), Has.Count.EqualTo(1));
    }
}
