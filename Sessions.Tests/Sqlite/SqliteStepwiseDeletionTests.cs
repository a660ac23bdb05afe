using Dapper;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using SQLitePCL;

namespace Sessions.Tests.Sqlite;

/// <summary>There is one writer, and a user or a tag may have so many sessions that all others would wait for their end.</summary>
public sealed class SqliteStepwiseDeletionTests : SqliteTestBase
{
    private static readonly SessionTag s_tag = new() { Name = "tenant", Value = "7" };

    [TestCase(false)]
    [TestCase(true)]
    public async Task Between_the_steps_others_write_and_who_signs_in_then_stays_signed_in(bool byTag)
    {
        var sessions = await CreateManyAsync(2500);
        var newer = CreateTagged();
        Task<long>? counting = null;
        Task? signIn = null;
        await OnFirstDeletionAsync(() =>
        {
            counting = CountAsync();
            signIn = Store.CreateAsync(newer, null, Token).AsTask();
        });

        var ended = byTag ? await Store.DeleteByTagAsync(s_tag, Token) : await Store.DeleteAllAsync("ann", null, Token);

        Assert.That(await counting!, Is.EqualTo(2250));
        await signIn!;
        Assert.That(ended, Is.EqualTo(sessions));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([newer]));
    }

    [Test]
    public async Task When_the_session_to_spare_ends_before_the_first_step_nothing_is_deleted()
    {
        var sessions = await CreateManyAsync(1500);
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var deletion = Store.DeleteAllAsync("ann", sessions[0].Id, Token).AsTask();
        var signOut = Store.DeleteAsync(sessions[0].Id, Token).AsTask();
        await held.ReleaseAsync();

        Assert.That(await signOut, Is.Not.Null);
        Assert.That(await deletion, Is.Null);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions[1..]));
    }

    [Test]
    public async Task A_session_to_spare_that_ends_between_two_steps_changes_nothing_for_the_others()
    {
        var sessions = await CreateManyAsync(2500);
        Task<Session?>? signOut = null;
        await OnFirstDeletionAsync(() => signOut = Store.DeleteAsync(sessions[^1].Id, Token).AsTask());

        Assert.That(await Store.DeleteAllAsync("ann", sessions[^1].Id, Token), Is.EqualTo(sessions[..^1]));
        Assert.That(await signOut!, Is.EqualTo(sessions[^1]));
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [Test]
    public async Task A_call_that_is_cancelled_between_two_steps_ends_the_rest_and_says_which()
    {
        var sessions = await CreateManyAsync(1500);
        using var cancellation = new CancellationTokenSource();
        await OnFirstDeletionAsync(cancellation.Cancel);

        Assert.That(await Store.DeleteAllAsync("ann", null, cancellation.Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_thousand_sessions_end_in_one_step_however_many_have_expired_beside_them()
    {
        await CreateManyAsync(50);
        Clock.Advance(SampleSessions.Lifetime);
        var sessions = await CreateManyAsync(1001);
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var deletion = Store.DeleteAllAsync("ann", sessions[500].Id, Token).AsTask();
        var counting = CountAsync();
        await held.ReleaseAsync();

        Assert.That(await counting, Is.EqualTo(1), "No write comes before all have ended.");
        Assert.That(await deletion, Is.EqualTo(sessions.Where(session => session != sessions[500])));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_failure_between_two_steps_says_what_has_ended_and_the_same_call_ends_the_rest(bool byTag)
    {
        var sessions = await CreateManyAsync(2500);
        // The first ids that a step meets are unknown here: it is the number of what is left that lets the second step fail.
        Database.Execute(
            "CREATE TRIGGER failing BEFORE DELETE ON sessions WHEN (SELECT count(*) FROM sessions) = 1300 BEGIN SELECT RAISE(ABORT, 'planned'); END"
        );

        var failure = (await Assert.ThrowsAsync<IncompleteDeletionException>(() => DeleteAsync()))!;

        Assert.That(failure.Deleted, Has.Count.EqualTo(1000));
        Assert.That(failure.InnerException, Is.InstanceOf<SessionStoreException>());
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions.Except(failure.Deleted)));
        Database.Execute("DROP TRIGGER failing");
        Assert.That(await DeleteAsync(), Is.EqualTo(sessions.Except(failure.Deleted)));

        async Task<IReadOnlyList<Session>> DeleteAsync() =>
            byTag ? await Store.DeleteByTagAsync(s_tag, Token) : (await Store.DeleteAllAsync("ann", null, Token))!;
    }

    [Test]
    public async Task A_failure_before_any_session_has_ended_is_an_ordinary_one()
    {
        await CreateManyAsync(1);
        Database.Execute("CREATE TRIGGER failing BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'planned'); END");

        Assert.That(async () => await Store.DeleteByTagAsync(s_tag, Token), Throws.TypeOf<SessionStoreException>());
    }

    [Test]
    public async Task A_session_that_leaves_a_marker_while_a_delete_by_tag_waits_keeps_its_marker()
    {
        var session = (await CreateManyAsync(1))[0];
        var held = await BlockedWriter.BlockAsync(Store, Token);
        var replacing = Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token).AsTask();
        var deletion = Store.DeleteByTagAsync(s_tag, Token).AsTask();
        await held.ReleaseAsync();

        Assert.That((await replacing, await deletion), Is.EqualTo((session, Array.Empty<Session>())));
        Assert.That((await Store.FetchAsync(session.Id, Token)).Marker, Is.EqualTo(SessionMarker.Replaced));
    }

    private Session CreateTagged() => Samples.Create() with { Tags = [s_tag] };

    private async Task<Session[]> CreateManyAsync(int count)
    {
        var sessions = Enumerable.Range(0, count).Select(_ => CreateTagged()).ToArray();
        await Task.WhenAll(sessions.Select(session => Store.CreateAsync(session, null, Token).AsTask()));
        return [.. sessions.Order(SessionOrder.OldestFirst)];
    }

    /// <summary>How many records there are when the write has its turn.</summary>
    private Task<long> CountAsync() =>
        Store.Writer.RunAsync(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM sessions"), isDurable: false, Token);

    /// <summary>Does something while the first write that changes the file is committed: what it queues comes before the next step.</summary>
    private Task<int> OnFirstDeletionAsync(Action action) =>
        Store.Writer.RunAsync(
            connection =>
            {
                var changes = raw.sqlite3_total_changes(connection.Handle);
                raw.sqlite3_commit_hook(
                    connection.Handle,
                    _ =>
                    {
                        if (changes >= 0 && raw.sqlite3_total_changes(connection.Handle) > changes)
                        {
                            changes = -1;
                            action();
                        }

                        return 0;
                    },
                    null
                );
                return 0;
            },
            isDurable: false,
            Token
        );
}
