using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task A_tag_finds_every_session_whose_creation_is_done_whatever_is_pruned_beside_it() =>
        RunRoundsAsync(async user =>
        {
            var tag = CreateTag(user);
            var old = Samples.Create(user) with { Tags = [tag], ExpiresAt = Clock.UtcNow.AddHours(-1), EndsAt = Clock.UtcNow.AddHours(-1) };
            await CreateAsync(old);
            await Store.DeleteAsync((await CreateAsync(Samples.Create(user) with { Tags = [tag] })).Id, Token);
            var untagged = await CreateAsync(Samples.Create(user));
            var sessions = CreateTagged(tag, 9, user, null, "bob");

            await RaceAsync([
                .. sessions.Chunk(3).Select(chunk => (Func<Task>)(() => CreateInTurnAsync(chunk))),
                () => AddAsync(untagged),
                async () => await Store.FetchByTagAsync(tag, Token),
                async () => await Store.FetchByTagAsync(tag, Token),
                async () => await Store.DeleteExpiredAsync(100, Token),
                async () => await Store.DeleteByTagAsync(CreateTag(user + "!"), Token),
            ]);

            var found = (await Store.FetchByTagAsync(tag, Token)).Select(session => session.Id);
            Assert.That(found, Is.EquivalentTo(sessions.Append(untagged).Select(session => session.Id)));

            async Task CreateInTurnAsync(Session[] chunk)
            {
                foreach (var session in chunk)
                {
                    await CreateAsync(session);
                    await AssertFoundAsync(tag, session);
                }
            }

            async Task AddAsync(Session session)
            {
                await Store.UpdateAsync(session.Id, new() { Tags = [tag] }, Token);
                await AssertFoundAsync(tag, session);
            }
        });

    [Test]
    public Task Delete_by_tag_among_logins_leaves_no_session_that_was_there_before_it() =>
        RunRoundsAsync(async user =>
        {
            var tag = CreateTag(user);
            var sessions = CreateTagged(tag, (Concurrency - 1) * 3, user, null, "bob");
            var done = new ConcurrentBag<SessionId>();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var wanted = 1 + Random.Next(sessions.Length);
            SessionId[] before = [];
            IReadOnlyList<Session> ended = [];

            await RaceAsync([.. sessions.Chunk(3).Select(logins => (Func<Task>)(() => LogInAsync(logins))), DeleteByTagAsync]);

            var found = await Store.FetchByTagAsync(tag, Token);
            Assert.That(
                ended.Concat(found).Select(session => session.Id),
                Is.EquivalentTo(sessions.Select(session => session.Id)),
                "Each session is either ended by the delete-by-tag or found by the tag."
            );
            Assert.That(before, Is.SubsetOf(ended.Select(session => session.Id)), "A session that was there before is not ended.");
            foreach (var session in ended)
            {
                Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Null, "A session that was returned is there.");
            }

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

            async Task DeleteByTagAsync()
            {
                await enough.Task.WaitAsync(RaceToken);
                before = [.. done];
                ended = await Store.DeleteByTagAsync(tag, Token);
            }
        });

    [Test]
    public Task A_tag_that_is_added_beside_a_delete_by_tag_is_found_or_ends_its_session() =>
        RunRoundsAsync(async user =>
        {
            var tag = CreateTag(user);
            var sessions = await CreateManyAsync(user, Concurrency - 2);
            var deleted = new ConcurrentBag<Session>();

            await RaceAsync([
                .. sessions.Select(session => (Func<Task>)(async () => await Store.UpdateAsync(session.Id, new() { Tags = [tag] }, Token))),
                DeleteAsync,
                DeleteAsync,
            ]);

            var found = await Store.FetchByTagAsync(tag, Token);
            Assert.That(
                found,
                Is.EqualTo(await Store.FetchAllAsync(user, Token)),
                "A session that is alive has the tag and is found by it."
            );
            Assert.That(
                deleted.Concat(found).Select(session => session.Id),
                Is.EquivalentTo(sessions.Select(session => session.Id)),
                "Each session is returned by one of the deletions or alive."
            );

            async Task DeleteAsync()
            {
                foreach (var session in await Store.DeleteByTagAsync(tag, Token))
                {
                    deleted.Add(session);
                }
            }
        });

    private static SessionTag CreateTag(string value) => new() { Name = "round", Value = value };

    private Session[] CreateTagged(SessionTag tag, int count, params string?[] users) =>
        [.. Enumerable.Range(0, count).Select(i => CreatedLater(Samples.Create(users[i % users.Length]), i) with { Tags = [tag] })];

    private async Task AssertFoundAsync(SessionTag tag, Session session)
    {
        var found = await Store.FetchByTagAsync(tag, Token);
        Assert.That(found.Select(other => other.Id), Does.Contain(session.Id), "What was done before is not found by the tag.");
    }
}
