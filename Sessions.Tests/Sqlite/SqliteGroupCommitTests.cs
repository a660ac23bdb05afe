using Dapper;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using SQLitePCL;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteGroupCommitTests : SqliteTestBase
{
    private const int Normal = 1;
    private const int Full = 2;

    [Test]
    public async Task Writes_that_wait_are_committed_together()
    {
        var commits = 0;
        var held = await BlockedWriter.BlockAsync(
            Store,
            Token,
            connection =>
                raw.sqlite3_commit_hook(
                    connection.Handle,
                    _ =>
                    {
                        commits++;
                        return 0;
                    },
                    null
                )
        );
        var creates = Enumerable.Range(0, 100).Select(_ => Store.CreateAsync(Samples.Create(), null, Token).AsTask()).ToList();

        await held.ReleaseAsync();
        await Task.WhenAll(creates);

        Assert.That(commits, Is.EqualTo(2), "One for the write that held the others up, one for them.");
        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(100));
    }

    [Test]
    public async Task A_write_that_fails_does_so_alone()
    {
        var (first, second) = (Samples.Create(), Samples.Create());
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var created = Store.CreateAsync(first, null, Token).AsTask();
        var duplicate = Store.CreateAsync(first with { UserKey = "bob" }, null, Token).AsTask();
        var refused = Store.CreateAsync(Samples.Create(), new() { Max = 1, Policy = SessionLimitPolicy.Refuse }, Token).AsTask();
        var createdToo = Store.CreateAsync(second, null, Token).AsTask();
        await held.ReleaseAsync();

        Assert.That(async () => await duplicate, Throws.InstanceOf<DuplicateSessionException>());
        Assert.That(async () => await refused, Throws.InstanceOf<SessionLimitException>());
        await Task.WhenAll(created, createdToo);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EquivalentTo([first, second]));
    }

    [Test]
    public async Task A_commit_that_fails_fails_all_that_were_in_it_and_leaves_nothing_behind()
    {
        var kept = await CreateAsync();
        var held = await BlockedWriter.BlockAsync(
            Store,
            Token,
            connection =>
            {
                var commits = 0;
                raw.sqlite3_commit_hook(connection.Handle, _ => commits++, null);
            }
        );
        var created = Store.CreateAsync(Samples.Create(), null, Token).AsTask();
        var duplicate = Store.CreateAsync(kept, null, Token).AsTask();
        var deleted = Store.DeleteAsync(kept.Id, Token).AsTask();
        await held.ReleaseAsync();

        Assert.That(async () => await created, Throws.InstanceOf<SessionStoreException>());
        Assert.That(async () => await duplicate, Throws.InstanceOf<SessionStoreException>(), "What it met is not known to last.");
        Assert.That(async () => await deleted, Throws.InstanceOf<SessionStoreException>());
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([kept]));
        Assert.That(await Store.DeleteAsync(kept.Id, Token), Is.EqualTo(kept));
    }

    [Test]
    public async Task A_commit_to_the_drive_does_not_stop_at_the_cache_of_the_drive() =>
        // SQLite asks for that on macOS only when it is told to; elsewhere it has no effect.
        Assert.That(
            await Store.Writer.RunAsync(connection => connection.ExecuteScalar<long>("PRAGMA fullfsync"), isDurable: true, Token),
            Is.EqualTo(1)
        );

    [Test]
    public async Task A_deletion_is_committed_to_the_drive_with_all_that_waits_beside_it()
    {
        var session = await CreateAsync();

        Assert.That(await ReadSynchronousAsync(() => Store.DeleteAsync(session.Id, Token).AsTask()), Is.EqualTo(Full));
        Assert.That(await ReadSynchronousAsync(() => Store.DeleteAllAsync("ann", null, Token).AsTask()), Is.EqualTo(Full));
    }

    [Test]
    public async Task A_creation_that_ends_others_is_committed_to_the_drive_and_one_within_the_limit_does_not_wait_for_it()
    {
        var (first, second, third) = (Samples.Create(), Samples.Create(), Samples.Create());
        var limit = new SessionLimit { Max = 2 };
        var creation = new SessionCreation();
        await Store.DeleteAsync(first.Id, Token);

        Assert.That(await ReadSynchronousAsync(() => CreateAsync(first, null)), Is.EqualTo(Normal));
        Assert.That(await ReadSynchronousAsync(() => CreateAsync(second, null)), Is.EqualTo(Normal));
        Assert.That(await ReadSynchronousAsync(() => CreateAsync(third, null)), Is.EqualTo(Full), "It was not known before.");
        Assert.That(creation.Evicted, Has.Count.EqualTo(1), "It is run twice, and ends one.");
        Assert.That(await ReadSynchronousAsync(() => CreateAsync(Samples.Create(), third.Id)), Is.EqualTo(Full));
        Assert.That(creation.Replaced, Is.EqualTo(third));

        async Task CreateAsync(Session session, SessionId? replaces) => creation = await Store.CreateAsync(session, limit, replaces, Token);
    }

    [Test]
    public async Task A_new_secret_is_committed_to_the_drive_so_that_a_power_cut_causes_no_false_reuse()
    {
        var session = await CreateAsync();
        var patch = Rotate(session);

        Assert.That(await ReadSynchronousAsync(() => Store.UpdateAsync(session.Id, patch, Token).AsTask()), Is.EqualTo(Full));
    }

    [Test]
    public async Task Other_writes_do_not_wait_for_the_drive()
    {
        var session = await CreateAsync();
        await Store.DeleteAsync(session.Id, Token);

        Assert.That(await ReadSynchronousAsync(() => Store.CreateAsync(session, null, Token).AsTask()), Is.EqualTo(Normal));
        Assert.That(await ReadSynchronousAsync(() => Store.DeleteExpiredAsync(1, Token).AsTask()), Is.EqualTo(Normal));
    }

    [Test]
    public async Task A_call_that_is_cancelled_while_it_waits_is_not_written_and_the_next_one_is()
    {
        var (cancelled, next) = (Samples.Create(), Samples.Create());
        using var cancellation = new CancellationTokenSource();
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var call = Store.CreateAsync(cancelled, null, cancellation.Token).AsTask();
        var nextCall = Store.CreateAsync(next, null, Token).AsTask();

        await cancellation.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        await held.ReleaseAsync();
        await nextCall;
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([next]));
    }

    [Test]
    public async Task Disposing_waits_for_what_waits_and_leaves_one_file()
    {
        var session = Samples.Create();
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var call = Store.CreateAsync(session, null, Token).AsTask();
        var disposing = Store.DisposeAsync().AsTask();

        await held.ReleaseAsync();
        await Task.WhenAll(call, disposing);

        Assert.That(Directory.GetFiles(Database.Folder), Is.EqualTo([Database.File]));
        Assert.That(Database.Query<string>("SELECT id FROM sessions"), Is.EqualTo(session.Id.ToString()));
        Assert.That(async () => await Store.FetchSessionAsync(session.Id, Token), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await Store.DeleteAsync(session.Id, Token), Throws.InstanceOf<ObjectDisposedException>());
    }

    /// <summary>SQLite's "synchronous" in the commit that a write gets.</summary>
    private async Task<long> ReadSynchronousAsync(Func<Task> write)
    {
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var probe = Store.Writer.RunAsync(connection => connection.ExecuteScalar<long>("PRAGMA synchronous"), isDurable: false, Token);
        var written = write();
        await held.ReleaseAsync();
        await written;
        return await probe;
    }
}
