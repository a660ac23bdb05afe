using LiteDB;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Testing;
using Sessions.Tests.Durability;

namespace Sessions.Tests.LiteDb;

public sealed class LiteDbFullDiskTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    private LiteDbTestFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new LiteDbTestFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    public async Task On_a_full_disk_writes_fail_and_nothing_is_lost_and_afterwards_all_goes_on()
    {
        using var disk = new SmallDisk();
        await using var store = new LiteDbSessionStore(new LiteDbSessionOptions { Path = Path.Combine(disk.Folder, "sessions.litedb") });
        var kept = await CreateUntilFullAsync(store, beforeEach: count => FillAfter(count, disk));

        await Assert.ThatAsync(
            async () => await store.DeleteAsync(kept[0].Id, Token),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.InstanceOf<IOException>()
        );
        Assert.That(await FetchAsync(store, kept), Is.EqualTo(kept), "while the disk is full");

        disk.Empty();

        Assert.That(await FetchAsync(store, kept), Is.EqualTo(kept), "afterwards");
        Assert.That(await store.DeleteAsync(kept[0].Id, Token), Is.EqualTo(kept[0]));
        Assert.That(await store.FetchSessionAsync(kept[0].Id, Token), Is.Null);
        await store.CreateAsync(_samples.CreateFull(), null, Token);
    }

    [Test]
    public async Task A_database_of_the_application_has_lost_nothing_when_it_is_opened_again()
    {
        using var disk = new SmallDisk();
        var path = Path.Combine(disk.Folder, "application.litedb");
        List<Session> kept;
        using (var database = new LiteDatabase(path))
        {
            await using var store = new LiteDbSessionStore(new() { Database = database });
            kept = await CreateUntilFullAsync(store, beforeEach: count => FillAfter(count, disk));
            disk.Empty();
        }

        using var reopened = new LiteDatabase(path);
        await using var again = new LiteDbSessionStore(new() { Database = reopened });

        Assert.That(await FetchAsync(again, kept), Is.EqualTo(kept));
        Assert.That(await again.DeleteAsync(kept[0].Id, Token), Is.EqualTo(kept[0]));
    }

    [Test]
    public async Task At_the_size_limit_of_the_file_writes_fail_and_nothing_is_lost_and_afterwards_all_goes_on()
    {
        using (var database = new LiteDatabase(_folder.File))
        {
            database.LimitSize = 256 * 1024;
        }

        await using var store = _folder.Open();
        var kept = await CreateUntilFullAsync(store, beforeEach: static _ => { });

        Assert.That(await FetchAsync(store, kept), Is.EqualTo(kept));
        Assert.That(await store.DeleteAsync(kept[0].Id, Token), Is.EqualTo(kept[0]));
        await store.CreateAsync(_samples.CreateFull(), null, Token);
    }

    private static void FillAfter(int count, SmallDisk disk)
    {
        if (count == 100)
        {
            disk.Fill();
        }
    }

    private async Task<List<Session>> CreateUntilFullAsync(LiteDbSessionStore store, Action<int> beforeEach)
    {
        var created = new List<Session>();
        try
        {
            while (true)
            {
                beforeEach(created.Count);
                var session = _samples.CreateFull($"user {created.Count}");
                await store.CreateAsync(session, null, Token);
                created.Add(session);
            }
        }
        catch (SessionStoreException)
        {
            return created;
        }
    }

    private static async Task<List<Session?>> FetchAsync(LiteDbSessionStore store, List<Session> sessions)
    {
        var found = new List<Session?>();
        foreach (var session in sessions)
        {
            found.Add(await store.FetchSessionAsync(session.Id, Token));
        }

        return found;
    }
}
