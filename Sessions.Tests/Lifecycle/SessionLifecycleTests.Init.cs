using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <content>What the tests of the Go library sessionup and of its stores ask of a manager.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task Without_a_lifetime_a_session_lasts_24_hours_and_ends_with_the_browser()
    {
        var session = (await Manager.InitAsync("ann", cancellationToken: Token)).Session;

        Assert.That(session.EndsAt - session.CreatedAt, Is.EqualTo(TimeSpan.FromHours(24)));
        Assert.That(session.IsPersistent, Is.False);
    }

    [Test]
    public async Task With_a_lifetime_a_session_lasts_as_long_and_outlives_the_browser()
    {
        var manager = NewManager(o => o.Lifetime = TimeSpan.FromDays(30));

        var session = (await manager.InitAsync("ann", cancellationToken: Token)).Session;

        Assert.That(session.EndsAt - session.CreatedAt, Is.EqualTo(TimeSpan.FromDays(30)));
        Assert.That(session.IsPersistent);
    }

    [Test]
    public async Task A_session_begins_with_the_values_it_is_given_or_with_none()
    {
        var values = SessionValues.Empty.Set("test1", "10").Set("test2", "20");

        var given = await Manager.InitAsync("ann", new SessionInit { Values = values }, Token);
        var none = await Manager.InitAsync("ann", cancellationToken: Token);

        Assert.That((await Store.FetchSessionAsync(given.Session.Id, Token))!.Values, Is.EqualTo(values));
        Assert.That((await Store.FetchSessionAsync(none.Session.Id, Token))!.Values, Is.Empty);
    }

    [Test]
    public async Task Each_session_of_a_user_has_an_id_and_a_secret_of_its_own()
    {
        var issued = new List<IssuedSession>();
        for (var i = 0; i < 20; i++)
        {
            issued.Add(await Manager.InitAsync("ann", cancellationToken: Token));
        }

        Assert.That(issued.Select(one => one.Session.Id), Is.Unique);
        Assert.That(issued.Select(one => one.Token.Reveal()[SessionId.Length..]), Is.Unique);
    }

    [Test]
    public async Task A_source_of_chance_of_the_applications_own_makes_ids_and_secrets()
    {
        var last = Array.Empty<byte>();
        var manager = NewManager(o =>
            o.RandomFill = buffer =>
            {
                Random.Fill(buffer);
                last = buffer.ToArray();
            }
        );

        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;

        // All but the shard, which comes from the user key, and the generation and the check, which are no secret.
        var made = System.Buffers.Text.Base64Url.EncodeToString(last);
        var (id, lineage, secret) = (
            made[SessionId.ShardLength..SessionId.Length],
            made.Substring(SessionId.Length, 11),
            made.Substring(35, 22)
        );
        Assert.That(token.Reveal()[..^4], Is.EqualTo($"{token.Id.Shard}{id}{lineage}AAAA{secret}"));
    }

    [Test]
    public void A_source_of_chance_that_repeats_itself_or_fills_nothing_is_refused()
    {
        Assert.That(() => NewManager(o => o.RandomFill = buffer => buffer.Fill(7)), Throws.InstanceOf<OptionsValidationException>());
        Assert.That(() => NewManager(o => o.RandomFill = _ => { }), Throws.InstanceOf<OptionsValidationException>());
    }

    [Test]
    public async Task Managers_with_options_of_their_own_share_the_sessions_of_a_store()
    {
        var other = NewManager(o => (o.Lifetime, o.RotateAfter) = (TimeSpan.FromDays(30), null));

        var first = await Manager.InitAsync("ann", cancellationToken: Token);
        var second = await other.InitAsync("ann", cancellationToken: Token);

        Assert.That((await other.AuthAsync(first.Token, null, Token)).IsAccepted);
        Assert.That((await Manager.AuthAsync(second.Token, null, Token)).IsAccepted);
        Assert.That(second.Session.EndsAt, Is.GreaterThan(first.Session.EndsAt));
    }

    [Test]
    public async Task A_list_marks_the_current_session_and_no_other()
    {
        var ids = new List<SessionId>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await NextUnreadableAsync(Manager)).Id);
        }

        await Manager.InitAsync("bob", cancellationToken: Token);
        var current = await Store.FetchSessionAsync(ids[1], Token);

        var listed = await Manager.FetchAllAsync(current!, Token);

        Assert.That(
            listed.Select(session => (session.Id, session.IsCurrent)),
            Is.EqualTo([(ids[0], false), (ids[1], true), (ids[2], false)])
        );
    }

    [Test]
    public async Task Where_no_session_lives_a_list_is_empty()
    {
        var current = (await Manager.InitAsync("ann", cancellationToken: Token)).Session;
        await Manager.RevokeAllAsync(current, Token);

        Assert.That(await Manager.FetchAllAsync(current, Token), Is.Empty);
        Assert.That(await Administration.FetchAllAsync("nobody", Token), Is.Empty);
    }

    [Test]
    public async Task A_session_that_the_store_still_returns_after_its_expiry_is_not_accepted()
    {
        var issued = await Manager.InitAsync("ann", cancellationToken: Token);

        // The store's clock has not come that far.
        var ahead = NewManager(time: Clock.CreateSkewed(TimeSpan.FromHours(24)));
        var verdict = await ahead.AuthAsync(issued.Token, null, Token);

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.Expired));
    }

    [Test]
    public async Task What_a_failing_store_does_not_return_is_not_invented()
    {
        var issued = await Manager.InitAsync("ann", cancellationToken: Token);
        var store = new FailingSessionStore(Store);
        var manager = NewManager(store: store);
        var (session, id, token) = (issued.Session, issued.Session.Id, issued.Token);
        store.Fail();
        _events.Clear();

        Func<Task>[] verbs =
        [
            async () => await manager.InitAsync("ann", cancellationToken: Token),
            async () => await manager.StartVisitorAsync(cancellationToken: Token),
            async () => await manager.InitAsync("ann", new SessionInit { ReplacedToken = token, Exclusive = true }, Token),
            async () => await manager.LogOutAsync(session, keepValues: true, Token),
            async () => await manager.AuthAsync(token, null, Token),
            async () => await manager.Authenticator.RotateAsync(SessionAuthResult.Accept(session), token, Token),
            async () => await manager.Authenticator.ReauthenticateAsync(SessionAuthResult.Accept(session), token, "pwd", Token),
            async () => await manager.FetchAllAsync(session, Token),
            async () => await new SessionAdministration(manager).FetchAllAsync("ann", Token),
            async () => await manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set("key", "value"), Token),
            async () => await manager.TakeValueAsync(id, "key", Token),
            async () => await new SessionAdministration(manager).RevokeAsync(id, Token),
            async () => await manager.RevokeAsync(session, id, Token),
            async () => await manager.RevokeOtherAsync(session, Token),
            async () => await manager.RevokeAllAsync(session, Token),
            async () => await new SessionAdministration(manager).RevokeAllAsync("ann", Token),
        ];

        for (var i = 0; i < verbs.Length; i++)
        {
            Assert.That(async () => await verbs[i](), Throws.InstanceOf<SessionStoreException>(), $"Verb {i}.");
        }

        store.ClearFailures();
        Assert.That(_events, Is.Empty);
        Assert.That((await manager.AuthAsync(token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_session_of_another_user_and_one_that_does_not_exist_are_answered_alike_and_do_not_change()
    {
        var ann = (await Manager.InitAsync("ann", cancellationToken: Token)).Session;
        var bob = await Manager.InitAsync("bob", cancellationToken: Token);
        var visitor = await Manager.StartVisitorAsync(cancellationToken: Token);

        var answers = new[]
        {
            await Manager.RevokeAsync(ann, bob.Session.Id, Token),
            await Manager.RevokeAsync(ann, visitor.Session.Id, Token),
            await Manager.RevokeAsync(visitor.Session, bob.Session.Id, Token),
            await Manager.RevokeAsync(ann, Samples.NewId("ann"), Token),
        };

        Assert.That(answers, Has.All.False);
        Assert.That((await Manager.AuthAsync(bob.Token, null, Token)).IsAccepted);
        Assert.That((await Manager.AuthAsync(visitor.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task Ending_what_is_not_there_does_nothing_and_says_so()
    {
        var id = Samples.NewId("ann");

        Assert.That(await Administration.RevokeAsync(id, Token), Is.Null);
        Assert.That(await Administration.RevokeAllAsync("ann", Token), Is.Zero);
        Assert.That(_events, Is.Empty);
    }
}
