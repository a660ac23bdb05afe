using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using NUnit.Framework.Constraints;
using Sessions.Sqlite;
using Sessions.Testing;
using SQLitePCL;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteFaultTests : SqliteTestBase
{
    [Test]
    public async Task A_file_locked_for_longer_than_the_busy_timeout_fails_the_write_until_it_is_free()
    {
        var session = await CreateAsync();
        var store = OpenStore(static options => options.BusyTimeout = TimeSpan.FromMilliseconds(50));
        await store.PrepareAsync(Token);
        using (var other = Database.Connect())
        {
            other.Execute("BEGIN IMMEDIATE");

            Assert.That(async () => await store.DeleteAsync(session.Id, Token), ThrowsSqliteError(raw.SQLITE_BUSY));
            Assert.That(
                await store.FetchSessionAsync(session.Id, Token),
                Is.EqualTo(session),
                "Who only reads does not wait for who writes."
            );
        }

        Assert.That(await store.DeleteAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task However_many_wait_for_a_locked_file_none_waits_for_longer_than_the_busy_timeout()
    {
        var store = OpenStore(static options => options.BusyTimeout = TimeSpan.FromSeconds(1));
        await store.PrepareAsync(Token);
        using var other = Database.Connect();
        other.Execute("BEGIN IMMEDIATE");

        var calls = Enumerable.Range(0, 1000).Select(_ => store.DeleteAsync(Samples.NewId("ann"), Token).AsTask()).ToList();
        var failures = await Task.WhenAll(calls.Select(call => call.ContinueWith(done => done.Exception?.InnerException, Token)));

        Assert.That(failures, Is.All.InstanceOf<SessionStoreException>());
        Assert.That(failures.Distinct().Count(), Is.LessThanOrEqualTo(2), "Each is one more wait.");
    }

    [Test]
    public async Task A_file_that_others_keep_to_themselves_fails_every_call_until_it_is_free()
    {
        var session = await CreateAsync();
        await Store.DisposeAsync();
        var store = OpenStore(static options => options.BusyTimeout = TimeSpan.FromMilliseconds(50));
        using (var other = Database.Connect())
        {
            other.Execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");

            Assert.That(async () => await store.PrepareAsync(Token), ThrowsSqliteError(raw.SQLITE_BUSY));
            Assert.That(async () => await store.FetchSessionAsync(session.Id, Token), ThrowsSqliteError(raw.SQLITE_BUSY));
            Assert.That(async () => await store.DeleteAsync(session.Id, Token), ThrowsSqliteError(raw.SQLITE_BUSY));
        }

        Assert.That(await store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
        Assert.That(await store.DeleteAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task A_write_that_does_not_fit_fails_alone_and_fits_when_there_is_room_again()
    {
        var session = await CreateAsync();
        var big = CreateLarge();
        var held = await BlockedWriter.BlockAsync(
            Store,
            Token,
            static connection => connection.Execute($"PRAGMA max_page_count = {connection.ExecuteScalar<long>("PRAGMA page_count")}")
        );
        var deletedBefore = Store.DeleteAsync(Samples.NewId("ann"), Token).AsTask();
        var created = Store.CreateAsync(big, null, Token).AsTask();
        var deleted = Store.DeleteAsync(session.Id, Token).AsTask();
        await held.ReleaseAsync();

        Assert.That(async () => await created, ThrowsSqliteError(raw.SQLITE_FULL));
        Assert.That(await deletedBefore, Is.Null);
        Assert.That(await deleted, Is.EqualTo(session));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        await Store.CreateAsync(big, null, Token);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([big]));
    }

    [Test]
    public async Task A_full_drive_loses_nothing_that_was_acknowledged_and_takes_more_when_there_is_room()
    {
        var drive = Directory.CreateDirectory(Path.Combine(Database.Folder, "drive")).FullName;
        if (
            !OperatingSystem.IsLinux()
            || !Environment.IsPrivilegedProcess
            || Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", drive) != 0
        )
        {
            Assert.Ignore("Only root on Linux may mount the small drive that this test fills.");
        }

        try
        {
            await using var store = new SqliteSessionStore(new() { ConnectionString = $"Data Source={drive}/sessions.db" }, Clock);
            var kept = new List<Session>();
            Assert.That(
                async () =>
                {
                    while (true)
                    {
                        var session = CreateLarge();
                        await store.CreateAsync(session, null, Token);
                        kept.Add(session);
                    }
                },
                ThrowsSqliteError(raw.SQLITE_FULL)
            );

            Assert.That(await store.FetchAllAsync("ann", Token), Is.EquivalentTo(kept));
            Assert.That(Run("mount", "-o", "remount,size=8m", drive), Is.Zero);
            Assert.That(await store.DeleteAllAsync("ann", null, Token), Is.EquivalentTo(kept));
            Assert.That(await store.FetchAllAsync("ann", Token), Is.Empty);
        }
        finally
        {
            Assert.That(Run("umount", drive), Is.Zero);
        }
    }

    [Test]
    public async Task A_file_that_is_no_database_fails_every_call_until_it_is_replaced()
    {
        await File.WriteAllTextAsync(Database.File, new string('x', 10_000), Token);

        Assert.That(async () => await Store.PrepareAsync(Token), ThrowsSqliteError(raw.SQLITE_NOTADB));
        Assert.That(async () => await Store.FetchSessionAsync(Samples.NewId("ann"), Token), ThrowsSqliteError(raw.SQLITE_NOTADB));
        Assert.That(async () => await Store.DeleteAsync(Samples.NewId("ann"), Token), ThrowsSqliteError(raw.SQLITE_NOTADB));

        File.Delete(Database.File);
        var session = await CreateAsync();
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task A_damaged_file_fails_calls_until_it_is_replaced()
    {
        var session = await CreateAsync();
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
        Database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var backup = await File.ReadAllBytesAsync(Database.File, Token);
        await using (var file = File.OpenWrite(Database.File))
        {
            file.Position = 4096;
            file.Write(new byte[backup.Length - 4096]);
        }

        Assert.That(async () => await Store.FetchSessionAsync(session.Id, Token), ThrowsSqliteError(raw.SQLITE_CORRUPT));

        Replace(backup);
        Assert.That(await Store.DeleteAsync(session.Id, Token), Is.EqualTo(session), "Who writes looks at the new file.");
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Null, "Who reads looks at the new file.");
    }

    /// <summary>As an administrator does: what is open stays with the old file.</summary>
    private void Replace(byte[] content)
    {
        foreach (var path in Directory.GetFiles(Database.Folder))
        {
            File.Delete(path);
        }

        File.WriteAllBytes(Database.File, content);
    }

    [Test]
    public async Task A_file_that_may_only_be_read_fails_writes_and_answers_reads()
    {
        var session = await CreateAsync();
        var store = OpenStore(options => options.ConnectionString = $"Data Source=file:{Database.File}?mode=ro");

        Assert.That(async () => await store.DeleteAsync(session.Id, Token), ThrowsSqliteError(raw.SQLITE_READONLY));
        Assert.That(await store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public void A_folder_that_went_away_fails_calls()
    {
        Directory.Delete(Database.Folder);
        try
        {
            Assert.That(async () => await Store.FetchSessionAsync(Samples.NewId("ann"), Token), ThrowsSqliteError(raw.SQLITE_CANTOPEN));
            Assert.That(async () => await Store.DeleteAsync(Samples.NewId("ann"), Token), ThrowsSqliteError(raw.SQLITE_CANTOPEN));
        }
        finally
        {
            Directory.CreateDirectory(Database.Folder);
        }
    }

    [Test]
    public async Task A_writer_that_fails_fails_every_waiting_and_every_later_call()
    {
        // As where a library that it needs is not the one it was built for: nothing it does can work, and telling of it neither.
        await using var writer = new SqliteWriter(null!);
        var errors = new List<SessionStoreException>();

        for (var i = 0; i < 3; i++)
        {
            var write = writer.RunAsync(static _ => true, isDurable: false, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
            errors.Add((await Assert.ThrowsAsync<SessionStoreException>(() => write))!);
        }

        Assert.That(errors.Select(static error => error.InnerException), Has.All.InstanceOf<NullReferenceException>());
        Assert.That(errors, Is.Unique, "One that is thrown again and again grows.");
    }

    private static EqualNumericConstraint<int> ThrowsSqliteError(int code) =>
        Throws
            .InstanceOf<SessionStoreException>()
            .With.InnerException.InstanceOf<SqliteException>()
            .And.InnerException.Property(nameof(SqliteException.SqliteErrorCode))
            .EqualTo(code);

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
