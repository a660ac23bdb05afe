using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_patch_sets_and_removes_values_and_leaves_others_as_they_are()
    {
        var session = await CreateAsync(Samples.CreateFull() with { Values = Values(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")) });

        var update = await PatchAsync(session, patch => patch.Set("a", "one").Remove("b").Set("e", "5"));

        Assert.That(update.Removed, Is.EqualTo(Values(("b", "2"))));
        await AssertAppliedAsync(update, session with { Values = Values(("a", "one"), ("c", "3"), ("d", "4"), ("e", "5")) });
    }

    [Test]
    public async Task An_empty_patch_is_applied_and_changes_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertAppliedAsync(await Store.UpdateAsync(session.Id, new SessionPatch(), Token), session);
        await AssertAppliedAsync(await Store.UpdateAsync(session.Id, new SessionPatch { MaxValuesBytes = 0 }, Token), session);
    }

    [Test]
    public async Task A_patch_of_one_session_changes_no_other()
    {
        var sessions = await CreateManyAsync(2);

        await PatchAsync(sessions[0], patch => patch.Set("a", "1"));

        await AssertStoredAsync(sessions[1]);
    }

    [Test]
    public async Task The_session_of_a_visitor_is_updated()
    {
        var visitor = await CreateAsync(Samples.Create(userKey: null));

        await AssertAppliedAsync(await PatchAsync(visitor, patch => patch.Set("a", "1")), visitor with { Values = Values(("a", "1")) });
    }

    [Test]
    public async Task Removed_values_are_returned_once_with_what_they_held()
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("once", "7"), ("", ""), ("c", "3")) });

        Assert.That((await PatchAsync(session, patch => patch.Remove("once").Remove("").Remove("x"))).Removed.Count, Is.EqualTo(2));
        var again = await PatchAsync(session, patch => patch.Remove("once"));

        Assert.That(again.Removed, Is.Empty);
        await AssertAppliedAsync(again, session with { Values = Values(("c", "3")) });
    }

    [Test]
    public async Task Every_value_can_be_removed()
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "1"), ("b", "2")) });

        await AssertAppliedAsync(
            await PatchAsync(session, patch => patch.Remove("a").Remove("b")),
            session with
            {
                Values = SessionValues.Empty,
            }
        );
        await AssertAppliedAsync(await PatchAsync(session, patch => patch.Set("c", "3")), session with { Values = Values(("c", "3")) });
    }

    [TestCase("a", "1", SessionUpdateOutcome.Applied)]
    [TestCase("a", "2", SessionUpdateOutcome.Conflict)]
    [TestCase("a", "", SessionUpdateOutcome.Conflict)]
    [TestCase("a", null, SessionUpdateOutcome.Conflict)]
    [TestCase("empty", "", SessionUpdateOutcome.Applied)]
    [TestCase("empty", null, SessionUpdateOutcome.Conflict)]
    [TestCase("absent", null, SessionUpdateOutcome.Applied)]
    [TestCase("absent", "", SessionUpdateOutcome.Conflict)]
    public async Task A_patch_is_applied_when_its_conditions_hold(string key, string? expected, SessionUpdateOutcome outcome)
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "1"), ("empty", "")) });

        var update = await PatchAsync(session, patch => patch.Expect(key, expected).Set("b", "2"));

        Assert.That(update.Outcome, Is.EqualTo(outcome));
        await AssertStoredAsync(outcome == SessionUpdateOutcome.Applied ? session with { Values = session.Values.Set("b", "2") } : session);
    }

    [Test]
    public async Task Every_condition_of_a_patch_must_hold()
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "1"), ("b", "2")) });

        var update = await PatchAsync(session, patch => patch.Expect("a", "1").Expect("b", "3").Set("a", "2"));

        await AssertRejectedAsync(update, SessionUpdateOutcome.Conflict, session);
    }

    [Test]
    public async Task A_patch_whose_condition_does_not_hold_changes_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var full = FullPatch(session);

        await AssertRejectedAsync(
            await Store.UpdateAsync(session.Id, full with { Values = full.Values.Expect("theme", "light") }, Token),
            SessionUpdateOutcome.Conflict,
            session
        );
        await AssertRejectedAsync(
            await Store.UpdateAsync(
                session.Id,
                full with
                {
                    Credential = full.Credential! with { Expected = Samples.Rotate(session.Credential) },
                },
                Token
            ),
            SessionUpdateOutcome.Conflict,
            session
        );
    }

    [Test]
    public async Task A_patch_that_would_be_too_large_changes_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        var update = await Store.UpdateAsync(session.Id, FullPatch(session) with { MaxValuesBytes = 1 }, Token);

        await AssertRejectedAsync(update, SessionUpdateOutcome.TooLarge, session);
    }

    [Test]
    public async Task A_condition_that_does_not_hold_goes_before_the_size()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var full = FullPatch(session);

        var update = await Store.UpdateAsync(
            session.Id,
            full with
            {
                MaxValuesBytes = 1,
                Values = full.Values.Expect("theme", "light"),
            },
            Token
        );

        await AssertRejectedAsync(update, SessionUpdateOutcome.Conflict, session);
    }

    [Test]
    public async Task All_parts_of_a_patch_are_applied_together()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var patch = FullPatch(session);

        await AssertAppliedAsync(await Store.UpdateAsync(session.Id, patch, Token), patch.ApplyTo(session).Session!);
    }

    [Test]
    public async Task Updating_what_is_unknown_or_deleted_returns_Gone()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var unknown = Samples.Create();
        await Store.DeleteAsync(session.Id, Token);

        Assert.That(await Store.UpdateAsync(unknown.Id, FullPatch(unknown), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await Store.UpdateAsync(session.Id, FullPatch(session), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await Store.UpdateAsync(session.Id, new SessionPatch(), Token), Is.EqualTo(SessionUpdate.Gone));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        await AssertNoRecordAsync(session);
        await AssertNoRecordAsync(unknown);
    }

    private static SessionValues Values(params (string Key, string Value)[] pairs) =>
        SessionValues.From(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private ValueTask<SessionUpdate> PatchAsync(Session session, Func<ValuesPatch, ValuesPatch> change) =>
        Store.UpdateAsync(session.Id, new SessionPatch { Values = change(ValuesPatch.Empty) }, Token);

    private SessionPatch FullPatch(Session session) =>
        new()
        {
            Values = ValuesPatch.Empty.Set("theme", "bright").Remove("cart").Set("new", "value"),
            MaxValuesBytes = 1000,
            Credential = new() { Expected = session.Credential, Next = Samples.Rotate(session.Credential) },
            Tags = [Samples.NewTag()],
            LastClient = Samples.NewClient(),
            Reauthentication = new()
            {
                At = Clock.UtcNow,
                Method = "hwk",
                ExpiresAt = Clock.UtcNow.AddHours(3),
                EndsAt = Clock.UtcNow.AddDays(3),
            },
        };

    private async Task AssertAppliedAsync(SessionUpdate update, Session expected)
    {
        Assert.That(update.Outcome, Is.EqualTo(SessionUpdateOutcome.Applied));
        AssertSame(update.Session, expected);
        await AssertStoredAsync(expected);
    }

    private async Task AssertRejectedAsync(SessionUpdate update, SessionUpdateOutcome outcome, Session unchanged)
    {
        Assert.That(update.Outcome, Is.EqualTo(outcome));
        Assert.That(update.Removed, Is.Empty);
        AssertSame(update.Session, unchanged);
        await AssertStoredAsync(unchanged);
    }
}
