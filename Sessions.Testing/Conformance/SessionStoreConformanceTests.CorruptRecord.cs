using NUnit.Framework;

namespace Sessions.Testing;

/// <content>A record that cannot be read, since it is damaged or of a newer version.</content>
public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_record_that_cannot_be_read_is_not_fetched_and_is_reported()
    {
        var (broken, sound) = await CreateDamagedAsync();

        Assert.That(await Store.FetchAsync(broken.Id, Token), Is.EqualTo(default(SessionLookup)));

        Assert.That(
            Backend.Reports.Messages,
            Has.Some.Contains($"{broken.Id}"),
            $"The store has reported the record to the {nameof(Backend.Reporter)} of its backend, by its id."
        );
        await AssertStoredAsync(sound);
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_on_no_list_and_no_page()
    {
        var (_, sound) = await CreateDamagedAsync();

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sound]));
        Assert.That(await Store.FetchAllAsync("ann", ["theme"], Token), Has.Count.EqualTo(1));
        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo([sound]));
        if (await Store.FetchPageAsync(null, 1, Token) is not null)
        {
            AssertEnumerated(await EnumerateAsync(1), [sound]);
        }
    }

    [Test]
    public async Task A_record_that_cannot_be_read_counts_for_no_limit_and_no_limit_ends_it()
    {
        var (broken, sound) = await CreateDamagedAsync();
        var (second, third) = (CreatedLater(Samples.CreateFull(), 9), CreatedLater(Samples.CreateFull(), 10));

        await Assert.ThatAsync(() => EvictAsync(second, RefuseLimit(2)), Throws.Nothing, "Only one of the two counts.");
        Assert.That(await EvictAsync(third, EvictLimit(2)), Is.EqualTo([sound]));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([second, third]));
        await AssertDuplicateAsync(broken, null);
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_neither_updated_nor_touched()
    {
        var (broken, sound) = await CreateDamagedAsync();
        var touch = Touch(sound, TimeSpan.FromMinutes(5));

        Assert.That(await Store.UpdateAsync(broken.Id, FullPatch(broken), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await Store.UpdateAsync(broken.Id, new(), Token), Is.EqualTo(SessionUpdate.Gone));
        await Store.TouchAsync([Touch(broken, TimeSpan.FromMinutes(5)), touch], Token);

        await AssertStoredAsync(touch.ApplyTo(sound), "The others of a batch are touched.");
        Assert.That(await Store.FetchAsync(broken.Id, Token), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task A_record_that_cannot_be_read_takes_its_id_and_is_not_replaced()
    {
        var (broken, _) = await CreateDamagedAsync();

        await AssertDuplicateAsync(broken, null);
        await AssertDuplicateAsync(broken, RefuseLimit(1));
        Assert.That((await Store.CreateAsync(Samples.Create(), null, broken.Id, Token)).Replaced, Is.Null);

        await AssertDuplicateAsync(broken, null);
        Assert.That(await Store.FetchAsync(broken.Id, Token), Is.EqualTo(default(SessionLookup)), "It leaves no marker.");
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_deleted_by_its_id_but_not_returned()
    {
        var (broken, sound) = await CreateDamagedAsync();

        Assert.That(await Store.DeleteAsync(broken.Id, SessionMarker.Replaced, Token), Is.Null);

        await AssertNoRecordAsync(broken);
        await AssertStoredAsync(sound);
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_deleted_with_the_others_of_its_user_but_not_returned()
    {
        var (broken, sound) = await CreateDamagedAsync();

        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.EqualTo([sound]));

        await AssertNoRecordAsync(broken);
    }

    [Test]
    public async Task With_an_exception_that_cannot_be_read_nothing_is_deleted()
    {
        var (broken, sound) = await CreateDamagedAsync();

        Assert.That(await Store.DeleteAllAsync("ann", broken.Id, Token), Is.Null);

        await AssertStoredAsync(sound);
        await AssertDuplicateAsync(broken, null);
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_swept_at_its_expiry_but_neither_returned_nor_counted()
    {
        await RequireSweepAsync();
        var broken = await CreateManyAsync(3);
        var sound = await CreateManyAsync(3, "bob");
        foreach (var session in broken)
        {
            await DamageAsync(session);
        }

        Clock.UtcNow = broken[0].ExpiresAt + ClockTolerance.Deletion - s_millisecond;
        Assert.That(await SweepAsync(2), Is.Empty);
        Clock.UtcNow += s_millisecond;
        Assert.That(await SweepAsync(2), Has.Count.EqualTo(2).And.SubsetOf(sound));
        Assert.That(await SweepAsync(2), Has.Count.EqualTo(1).And.SubsetOf(sound));

        Clock.UtcNow = broken[0].ExpiresAt - s_millisecond;
        foreach (var session in broken)
        {
            await AssertNoRecordAsync(session);
        }
    }

    /// <summary>Two sessions of one user with a tag, of which the record of the first cannot be read.</summary>
    private async Task<(Session Broken, Session Sound)> CreateDamagedAsync()
    {
        var broken = await CreateAsync(Samples.CreateFull() with { Tags = [s_tag] });
        var sound = await CreateAsync(CreatedLater(Samples.CreateFull() with { Tags = [s_tag] }, 1));
        await DamageAsync(broken);
        return (broken, sound);
    }

    private async Task DamageAsync(Session session)
    {
        if (!await Backend.DamageAsync(session.Id))
        {
            Assert.Ignore($"No record of this backend can become unreadable: its {nameof(Backend.DamageAsync)} returns false.");
        }
    }
}
