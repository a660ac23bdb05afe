using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public async Task A_node_whose_clock_is_40_minutes_ahead_neither_ends_sessions_early_nor_hides_them_from_delete_all()
    {
        var ahead = await AddNodeAsync(TimeSpan.FromMinutes(40));
        var limit = new SessionLimit { Max = 100, Policy = SessionLimitPolicy.EndLeastRecentlyUsed };
        await RunRoundsAsync(async user =>
        {
            // To the node ahead these have expired already.
            var sessions = Enumerable.Range(0, 4).Select(i => CreatedLater(Samples.Create(user, TimeSpan.FromMinutes(30)), i)).ToArray();
            foreach (var session in sessions[..2])
            {
                await CreateAsync(session);
            }

            var other = CreatedLater(Samples.Create(user, TimeSpan.FromHours(2)), 10);
            await RaceAsync(
                () => CreateAsync(sessions[2]),
                () => CreateAsync(sessions[3]),
                async () => await ahead.CreateAsync(other, limit, Token),
                async () => await ahead.FetchAllAsync(user, Token),
                async () => await ahead.FetchSessionAsync(sessions[0].Id, Token),
                async () => await ahead.TouchAsync([Touch(sessions[1], TimeSpan.FromHours(3))], Token),
                async () => await ahead.UpdateAsync(sessions[0].Id, new SessionPatch { LastClient = Samples.NewClient() }, Token),
                async () => await ahead.DeleteAllAsync(user, sessions[1].Id, Token)
            );
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([.. sessions, other]));

            var onAhead = Random.Next(2) == 0;
            var ended = await (onAhead ? ahead : Store).DeleteAllAsync(user, null, Token);

            Assert.That(ended, Is.EqualTo(onAhead ? new[] { other } : [.. sessions, other]));
            Assert.That(await Store.FetchAllAsync(user, Token), Is.Empty);
            foreach (var session in sessions)
            {
                Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Null);
            }
        });
    }
}
