using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task Delete_all_among_logins_leaves_no_session_that_was_there_before_it() =>
        RunRoundsAsync(async user =>
        {
            var sessions = CreateSamples(user, (Concurrency - 1) * 3);
            var done = new ConcurrentBag<SessionId>();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var wanted = 1 + Random.Next(sessions.Length);
            SessionId[] before = [];
            IReadOnlyList<Session> ended = [];

            await RaceAsync([.. sessions.Chunk(3).Select(logins => (Func<Task>)(() => LogInAsync(logins))), DeleteAllAsync]);

            var live = await Store.FetchAllAsync(user, Token);
            Assert.That(
                ended.Concat(live).Select(session => session.Id),
                Is.EquivalentTo(sessions.Select(session => session.Id)),
                "Each session is either ended by the delete-all or alive."
            );
            Assert.That(before, Is.SubsetOf(ended.Select(session => session.Id)), "A session that was there before is not ended.");

            async Task LogInAsync(Session[] logins)
            {
                foreach (var session in logins)
                {
                    await CreateAsync(session);
                    done.Add(session.Id);
                    if (done.Count >= wanted)
                    {
                        enough.TrySetResult();
                    }
                }
            }

            async Task DeleteAllAsync()
            {
                await enough.Task.WaitAsync(RaceToken);
                before = [.. done];
                ended = (await Store.DeleteAllAsync(user, null, Token))!;
            }
        });

    [Test]
    public Task No_list_and_no_row_of_fetches_shows_a_part_of_a_delete_all() =>
        RunRoundsAsync(async user =>
        {
            var sessions = await CreateManyAsync(user, 12);
            var spared = Random.Next(2) == 0 ? null : sessions[Random.Next(sessions.Length)];
            var left = spared is null ? [] : new[] { spared };
            var lists = new IReadOnlyList<Session>[4];
            var rows = new Session?[Concurrency - 1 - lists.Length][];

            await RaceAsync([
                .. Enumerable
                    .Range(0, lists.Length)
                    .Select(i => (Func<Task>)(async () => lists[i] = await Store.FetchAllAsync(user, Token))),
                .. Enumerable.Range(0, rows.Length).Select(i => (Func<Task>)(async () => rows[i] = await FetchInTurnAsync())),
                async () => await Store.DeleteAllAsync(user, spared?.Id, Token),
            ]);

            foreach (var list in lists)
            {
                Assert.That(list, Is.EqualTo(sessions).Or.EqualTo(left));
            }

            foreach (var row in rows)
            {
                var gone = row.SkipWhile(session => session is not null);
                Assert.That(gone, Has.All.Null, "When one session is gone, all are.");
            }

            async Task<Session?[]> FetchInTurnAsync()
            {
                var row = new List<Session?>();
                foreach (var session in sessions.Except(left))
                {
                    row.Add(await Store.FetchSessionAsync(session.Id, Token));
                }

                return [.. row];
            }
        });

    [Test]
    public Task Of_sessions_that_each_delete_all_but_themselves_one_is_left() =>
        RunRoundsAsync(async user =>
        {
            var sessions = await CreateManyAsync(user, Concurrency);

            var ended = await RaceAsync(async i => await Store.DeleteAllAsync(user, sessions[i].Id, Token));

            var winner = Array.FindIndex(ended, list => list is not null);
            Assert.That(ended.Count(list => list is not null), Is.EqualTo(1));
            Assert.That(ended[winner], Is.EqualTo(sessions.Where((_, i) => i != winner)));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([sessions[winner]]));
        });

    [Test]
    public Task Delete_all_but_a_session_that_is_deleted_meanwhile_deletes_all_others_or_none() =>
        RunRoundsAsync(async user =>
        {
            var sessions = await CreateManyAsync(user, 4);
            var spared = sessions[2];
            IReadOnlyList<Session>? ended = null;
            Session? deleted = null;

            await RaceAsync(
                async () => ended = await Store.DeleteAllAsync(user, spared.Id, Token),
                async () => deleted = await Store.DeleteAsync(spared.Id, Token)
            );

            var others = sessions.Except([spared]);
            AssertSame(deleted, spared);
            Assert.That(ended, Is.Null.Or.EqualTo(others));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo(ended is null ? others : []));
        });

    [Test]
    public Task Concurrent_deletions_of_all_but_one_leave_exactly_that_one() =>
        RunRoundsAsync(async user =>
        {
            // Users whose keys differ only in ways that a comparison other than ordinal ignores.
            var users = HostileText.LookAlikes.Take(Concurrency).Select(text => text + user).ToArray();
            var sessions = new Session[Concurrency][];
            for (var i = 0; i < Concurrency; i++)
            {
                sessions[i] = await CreateManyAsync(users[i], 3);
            }

            var ended = await RaceAsync(async i => await Store.DeleteAllAsync(users[i], sessions[i][1].Id, Token));

            for (var i = 0; i < Concurrency; i++)
            {
                Assert.That(ended[i], Is.EqualTo([sessions[i][0], sessions[i][2]]));
                Assert.That(await Store.FetchAllAsync(users[i], Token), Is.EqualTo([sessions[i][1]]));
            }
        });
}
