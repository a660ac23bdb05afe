using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [TestCase(9, SessionUpdateOutcome.TooLarge)]
    [TestCase(10, SessionUpdateOutcome.Applied)]
    public async Task The_size_counts_keys_and_values_in_bytes_of_UTF8(int limit, SessionUpdateOutcome outcome)
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "b")) });

        // 1 + 1 already there, "é" has 2 bytes and "😀ab" 6.
        var update = await SizedPatchAsync(session, limit, patch => patch.Set("é", "😀ab"));

        Assert.That(update.Outcome, Is.EqualTo(outcome));
    }

    [Test]
    public async Task A_value_that_is_replaced_counts_no_longer()
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "12345678")) });

        var update = await SizedPatchAsync(session, 9, patch => patch.Set("a", "87654321"));

        await AssertAppliedAsync(update, session with { Values = Values(("a", "87654321")) });
    }

    [Test]
    public async Task What_a_patch_removes_makes_room_for_what_it_sets()
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "12345678")) });

        var update = await SizedPatchAsync(session, 9, patch => patch.Set("b", "12345678").Remove("a"));

        await AssertAppliedAsync(update, session with { Values = Values(("b", "12345678")) });
    }

    [Test]
    public async Task A_patch_that_only_removes_is_never_too_large()
    {
        var session = await CreateAsync(Samples.Create() with { Values = Values(("a", "12345678"), ("b", "2")) });

        var update = await SizedPatchAsync(session, 1, patch => patch.Remove("b"));

        await AssertAppliedAsync(update, session with { Values = Values(("a", "12345678")) });
    }

    [Test]
    public async Task A_patch_of_other_parts_is_never_too_large()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var client = Samples.NewClient();

        var update = await Store.UpdateAsync(session.Id, new SessionPatch { LastClient = client, MaxValuesBytes = 1 }, Token);

        await AssertAppliedAsync(update, session with { LastClient = client });
    }

    [Test]
    public async Task Without_a_limit_values_may_grow_to_64_KiB_and_more()
    {
        var session = await CreateAsync(Samples.Create());
        var value = new string('v', 100_000);

        await AssertAppliedAsync(await PatchAsync(session, patch => patch.Set("a", value)), session with { Values = Values(("a", value)) });
    }

    private ValueTask<SessionUpdate> SizedPatchAsync(Session session, int limit, Func<ValuesPatch, ValuesPatch> change) =>
        Store.UpdateAsync(session.Id, new SessionPatch { Values = change(ValuesPatch.Empty), MaxValuesBytes = limit }, Token);
}
