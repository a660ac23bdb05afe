using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

/// <summary>A record that cannot be read counts as signed out, is reported, and is in the way of no other.</summary>
[CancelAfter(60_000)]
internal abstract class CorruptRecordTests<TBackend>
    where TBackend : CorruptRecordBackend, new()
{
    protected static IEnumerable<string> Damages => new TBackend().Damages;

    protected ManualTimeProvider Clock { get; private set; } = null!;

    protected SampleSessions Samples { get; private set; } = null!;

    protected TBackend Backend { get; private set; } = null!;

    protected CorruptRecordLog Reported { get; private set; } = null!;

    protected ISessionStore Store { get; private set; } = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        Clock = new ManualTimeProvider();
        Samples = new SampleSessions(Clock, SeededRandom.Create());
        Reported = new CorruptRecordLog();
        Backend = new TBackend();
        Store = await Backend.CreateStoreAsync(Clock, Reported.Reporter);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (Store is not null)
        {
            await ((IAsyncDisposable)Store).DisposeAsync();
            await Backend.DisposeAsync();
        }
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_counts_as_signed_out_and_is_reported(string damage)
    {
        var (broken, sound) = (await CreateAsync(), await CreateAsync());
        await Backend.DamageAsync(broken, damage);

        Assert.That(await Store.FetchSessionAsync(broken.Id, Token), Is.Null);
        Assert.That(Reported.Warnings, Has.Count.EqualTo(Backend.HidesId(damage) ? 0 : 1), "It is reported once.");
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([sound]));
        var report = await Reported.NextAsync(Token);
        Assert.That(report.Record, Is.EqualTo(Backend.NameOf(broken, damage)));
        Assert.That(report.Exception, Is.InstanceOf(Backend.DamageException));
        Assert.That(
            Reported.Warnings,
            Is.Not.Empty.And.All.EqualTo($"Session {Backend.NameOf(broken, damage)} cannot be read and counts as signed out.")
        );
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_is_not_changed_and_is_deleted_with_the_others_of_its_user(string damage)
    {
        var (broken, sound) = (await CreateAsync(), await CreateAsync());
        await Backend.DamageAsync(broken, damage);
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("colour", "green") };

        Assert.That(await Store.UpdateAsync(broken.Id, new(), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await Store.UpdateAsync(broken.Id, patch, Token), Is.EqualTo(SessionUpdate.Gone));
        await Store.TouchAsync(
            [
                new()
                {
                    Id = broken.Id,
                    LastSeenAt = broken.LastSeenAt.AddHours(1),
                    ExpiresAt = broken.ExpiresAt.AddHours(1),
                },
            ],
            Token
        );
        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.EqualTo([sound]));
        Assert.That(await Backend.CountRecordsAsync(), Is.EqualTo(Backend.HidesUser(damage) ? 1 : 0));
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_does_not_count_for_the_limit(string damage)
    {
        var (broken, _) = (await CreateAsync(), await CreateAsync());
        await Backend.DamageAsync(broken, damage);
        var limit = new SessionLimit { Max = 2, Policy = SessionLimitPolicy.Refuse };

        await Assert.ThatAsync(async () => await Store.CreateAsync(Samples.Create(), limit, Token), Throws.Nothing);
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_takes_its_id_and_is_neither_replaced_nor_found_by_its_tag(string damage)
    {
        var tag = Samples.NewTag();
        var broken = Samples.Create() with { Tags = [tag] };
        await Store.CreateAsync(broken, null, Token);
        await Backend.DamageAsync(broken, damage);
        var count = await Backend.CountRecordsAsync();

        if (!Backend.HidesId(damage))
        {
            await Assert.ThatAsync(
                async () => await Store.CreateAsync(Samples.Create() with { Id = broken.Id }, null, Token),
                Throws.TypeOf<DuplicateSessionException>()
            );
        }

        Assert.That((await Store.CreateAsync(Samples.Create(), null, broken.Id, Token)).Replaced, Is.Null);
        Assert.That((await Store.CreateAsync(Samples.Create(), new() { Max = 9 }, broken.Id, Token)).Replaced, Is.Null);
        Assert.That(await Store.FetchByTagAsync(tag, Token), Is.Empty);
        Assert.That(await Backend.CountRecordsAsync(), Is.EqualTo(count + 2), "It is left alone.");
        Assert.That(await Store.DeleteAsync(broken.Id, SessionMarker.Replaced, Token), Is.Null);
        Assert.That(await Store.FetchAsync(broken.Id, Token), Is.EqualTo(default(SessionLookup)));
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_is_no_exception_from_delete_all(string damage)
    {
        var (broken, sound) = (await CreateAsync(), await CreateAsync());
        await Backend.DamageAsync(broken, damage);

        Assert.That(await Store.DeleteAllAsync("ann", broken.Id, Token), Is.Null);
        Assert.That(await Store.FetchSessionAsync(sound.Id, Token), Is.EqualTo(sound));
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_is_deleted_by_its_id_but_not_returned(string damage)
    {
        var broken = await CreateAsync();
        await Backend.DamageAsync(broken, damage);

        Assert.That(await Store.DeleteAsync(broken.Id, Token), Is.Null);
        Assert.That(await Backend.CountRecordsAsync(), Is.EqualTo(Backend.CountLeftByDelete(damage)));
    }

    protected async Task<Session> CreateAsync()
    {
        var session = Samples.CreateFull();
        await Store.CreateAsync(session, null, Token);
        return session;
    }
}

/// <summary>The same for a store that is swept.</summary>
internal abstract class SweptCorruptRecordTests<TBackend> : CorruptRecordTests<TBackend>
    where TBackend : CorruptRecordBackend, new()
{
    [Test]
    public async Task A_sweep_deletes_what_cannot_be_read_and_goes_on_until_it_has_as_many_others_as_it_may()
    {
        var sessions = new List<Session>();
        for (var i = 0; i < 9; i++)
        {
            sessions.Add(await CreateAsync());
        }

        foreach (var broken in sessions[..5])
        {
            await Backend.DamageAsync(broken, Damages.First());
        }

        Clock.UtcNow = sessions[^1].ExpiresAt + ClockTolerance.Deletion;

        Assert.That(await Store.DeleteExpiredAsync(2, Token), Is.SubsetOf(sessions[5..]).And.Count.EqualTo(2));
        Assert.That(await Store.DeleteExpiredAsync(3, Token), Is.SubsetOf(sessions[5..]).And.Count.EqualTo(2));
        Assert.That(await Backend.CountRecordsAsync(), Is.Zero);
    }
}
