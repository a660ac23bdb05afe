using System.Collections.Concurrent;
using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    private static readonly SessionLookup s_replaced = new() { Marker = SessionMarker.Replaced };

    [Test]
    public Task Of_sign_ins_that_replace_one_session_one_returns_it() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));
            var next = CreateSamples(user, Concurrency);
            var limit = Random.Next(2) == 0 ? null : new SessionLimit { Max = Concurrency };

            var creations = await RaceAsync(async i => await Store.CreateAsync(next[i], limit, session.Id, Token));

            Assert.That(creations.Select(creation => creation.Replaced).OfType<Session>(), Is.EqualTo([session]));
            Assert.That(creations.SelectMany(creation => creation.Evicted), Is.Empty);
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo(next));
            Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
        });

    [Test]
    public Task Of_sign_ins_and_revocations_one_returns_the_session_and_a_sign_in_leaves_its_marker() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));
            var next = CreateSamples(user, Concurrency);
            var revoked = new ConcurrentBag<Session>();
            var replaced = new ConcurrentBag<Session>();

            await RaceAsync([.. Enumerable.Range(0, 4).Select(i => (Func<Task>)(() => SignInAsync(next[i]))), RevokeAsync, RevokeAsync]);

            Assert.That(revoked.Concat(replaced), Is.EqualTo([session]), "One call returns it.");
            Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(replaced.IsEmpty ? default : s_replaced));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo(next[..4]));

            async Task SignInAsync(Session newer)
            {
                if ((await Store.CreateAsync(newer, null, session.Id, Token)).Replaced is { } ended)
                {
                    replaced.Add(ended);
                }
            }

            async Task RevokeAsync()
            {
                if (await Store.DeleteAsync(session.Id, Token) is { } ended)
                {
                    revoked.Add(ended);
                }
            }
        });

    [Test]
    public Task A_session_is_replaced_in_the_step_that_stores_the_new_one() =>
        RunRoundsAsync(async user =>
        {
            var session = await CreateAsync(Samples.Create(user));
            var next = Samples.Create(user);
            var limit = Random.Next(2) == 0 ? null : new SessionLimit { Max = 1, Policy = SessionLimitPolicy.Refuse };

            await RaceAsync([
                async () => await Store.CreateAsync(next, limit, session.Id, Token),
                .. Enumerable.Range(0, 4).Select(_ => (Func<Task>)WatchAsync),
                async () => Assert.That(await Store.FetchAllAsync(user, Token), Has.Count.EqualTo(1), "A list shows both or none."),
                async () => await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(1))], Token),
                async () => await Store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("a", "1") }, Token),
            ]);

            Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([next]));

            async Task WatchAsync()
            {
                SessionLookup lookup;
                do
                {
                    // Stores that answer at once would leave no thread to the sign-in.
                    await Task.Yield();
                    RaceToken.ThrowIfCancellationRequested();
                    var newer = await Store.FetchSessionAsync(next.Id, Token);
                    lookup = await Store.FetchAsync(session.Id, Token);
                    Assert.That(lookup, Is.Not.EqualTo(default(SessionLookup)), "There is neither the session nor its marker.");
                    Assert.That(newer is null || lookup.Session is null, "The session is there beside the one that replaced it.");
                } while (lookup.Session is not null);

                Assert.That(await Store.FetchSessionAsync(next.Id, Token), Is.EqualTo(next), "It is replaced by none.");
            }
        });

    [TestCase(SessionLimitPolicy.EndLeastRecentlyUsed)]
    [TestCase(SessionLimitPolicy.Refuse)]
    public Task At_the_limit_sign_ins_that_each_replace_another_session_end_no_other(SessionLimitPolicy policy) =>
        RunRoundsAsync(async user =>
        {
            var sessions = await CreateManyAsync(user, Concurrency);
            var next = CreateSamples(user, Concurrency);
            var limit = new SessionLimit { Max = Concurrency, Policy = policy };

            var creations = await RaceAsync(async i => await Store.CreateAsync(next[i], limit, sessions[i].Id, Token));

            Assert.That(creations.Select(creation => creation.Replaced), Is.EqualTo(sessions));
            Assert.That(creations.SelectMany(creation => creation.Evicted), Is.Empty);
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo(next));
        });
}
