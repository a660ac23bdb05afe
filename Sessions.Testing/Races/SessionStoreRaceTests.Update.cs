using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task Patches_of_different_keys_and_touches_lose_nothing_of_each_other() =>
        RunRoundsAsync(async user =>
        {
            var values = Enumerable.Range(0, Concurrency).Select(i => KeyValuePair.Create($"old {i}", $"{i}")).ToArray();
            var session = await CreateAsync(Samples.CreateFull(user) with { Values = SessionValues.From(values) });
            var touch = Touch(session, TimeSpan.FromMinutes(5));
            var updates = new SessionUpdate[Concurrency];

            await RaceAsync([
                .. Enumerable.Range(0, Concurrency).Select(i => (Func<Task>)(() => PatchAsync(i))),
                async () => await Store.TouchAsync([touch], Token),
                async () => await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(3))], Token),
            ]);

            Assert.That(updates.Select(update => update.Outcome), Has.All.EqualTo(SessionUpdateOutcome.Applied));
            Assert.That(updates.SelectMany(update => update.Removed), Is.EqualTo(values));
            AssertSame(
                await Store.FetchSessionAsync(session.Id, Token),
                session with
                {
                    LastSeenAt = touch.LastSeenAt,
                    ExpiresAt = touch.ExpiresAt,
                    Values = SessionValues.From(Enumerable.Range(0, Concurrency).Select(i => KeyValuePair.Create($"new {i}", $"{i}"))),
                }
            );

            async Task PatchAsync(int i) =>
                updates[i] = await UpdateAsync(session, patch => patch.Set($"new {i}", $"{i}").Remove($"old {i}"));
        });

    [Test]
    public Task Of_patches_that_expect_the_same_value_one_is_applied() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user) with { Values = SessionValues.From([new("seat", "free")]) });

            var updates = await RaceAsync(i => UpdateAsync(session, patch => patch.Expect("seat", "free").Set("seat", $"{i}")));

            await AssertOneAppliedAsync(session, updates);
        });

    [Test]
    public Task Of_patches_that_expect_a_value_to_be_absent_one_is_applied() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));

            var updates = await RaceAsync(i => UpdateAsync(session, patch => patch.Expect("seat", null).Set("seat", $"{i}")));

            await AssertOneAppliedAsync(session, updates);
        });

    [Test]
    public Task Of_changes_of_one_credential_one_is_applied() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.CreateFull(user));
            var credential = session.Credential;

            var updates = await RaceAsync(async i =>
            {
                // Half of them rotate, the others confirm.
                var next = i % 2 == 0 ? Samples.Rotate(credential) : credential with { ConfirmedAt = Clock.UtcNow.AddSeconds(i) };
                return await Store.UpdateAsync(
                    session.Id,
                    new()
                    {
                        Credential = new() { Expected = credential, Next = next },
                    },
                    Token
                );
            });

            await AssertOneAppliedAsync(session, updates);
        });

    [Test]
    public Task Of_calls_that_take_one_value_one_gets_it() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(
                Samples.Create(user) with
                {
                    Values = SessionValues.From([new("once", "7"), new("kept", "8")]),
                }
            );

            var updates = await RaceAsync(_ => UpdateAsync(session, patch => patch.Remove("once")));

            Assert.That(updates.SelectMany(update => update.Removed), Is.EqualTo([KeyValuePair.Create("once", "7")]));
        });

    private Task<SessionUpdate> UpdateAsync(Session session, Func<ValuesPatch, ValuesPatch> change) =>
        Store.UpdateAsync(session.Id, new SessionPatch { Values = change(ValuesPatch.Empty) }, Token).AsTask();

    private async Task AssertOneAppliedAsync(Session session, SessionUpdate[] updates)
    {
        var applied = updates.Where(update => update.Outcome == SessionUpdateOutcome.Applied).ToArray();
        Assert.That(applied, Has.Length.EqualTo(1));
        var stored = applied[0].Session!;
        AssertSame(await Store.FetchSessionAsync(session.Id, Token), stored);
        Assert.That(
            updates.Except(applied),
            Has.All.EqualTo(new SessionUpdate { Outcome = SessionUpdateOutcome.Conflict, Session = stored }),
            "The losers are told what is stored."
        );
    }
}
