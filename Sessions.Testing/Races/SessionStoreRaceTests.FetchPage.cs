using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreRaceTests<TBackend>
{
    [Test]
    public Task Pages_read_among_logins_and_logouts_show_every_session_that_lives_throughout() =>
        RunRoundsAsync(async user =>
        {
            if (await Store.FetchPageAsync(null, 1, Token) is null)
            {
                Assert.Ignore("This store cannot list all its sessions.");
            }

            var lasting = await CreateMixedAsync(user, 8);
            var fleeting = await CreateMixedAsync(user, 8);
            var begun = new Session[2][];
            var walks = new List<SessionId>[3];

            await RaceAsync([
                .. Enumerable.Range(0, walks.Length).Select(i => (Func<Task>)(async () => walks[i] = await EnumerateAsync())),
                .. fleeting.Chunk(3).Select(some => (Func<Task>)(() => DeleteAsync(some))),
                .. Enumerable.Range(0, begun.Length).Select(i => (Func<Task>)(async () => begun[i] = await CreateMixedAsync(user, 4))),
            ]);

            foreach (var walk in walks)
            {
                Assert.That(walk, Is.SupersetOf(lasting.Select(session => session.Id)));
            }

            // Every round also walks through the sessions of earlier rounds.
            await DeleteAsync([.. lasting, .. begun.SelectMany(sessions => sessions)]);
        });

    /// <summary>Sessions of a user and of visitors, in turn.</summary>
    private async Task<Session[]> CreateMixedAsync(string userKey, int count)
    {
        var sessions = Enumerable.Range(0, count).Select(i => Samples.Create(i % 2 == 0 ? userKey : null)).ToArray();
        foreach (var session in sessions)
        {
            await Task.Yield();
            await CreateAsync(session);
        }

        return sessions;
    }

    private async Task DeleteAsync(Session[] sessions)
    {
        foreach (var session in sessions)
        {
            await Task.Yield();
            await Store.DeleteAsync(session.Id, Token);
        }
    }

    private async Task<List<SessionId>> EnumerateAsync()
    {
        var limit = 2 + Random.Next(5);
        var walked = new List<SessionId>();
        string? continuation = null;
        do
        {
            // Yields here and between other calls: a store that never waits would be done before another call began.
            await Task.Yield();
            var page = (await Store.FetchPageAsync(continuation, limit, Token))!;
            walked.AddRange(page.Sessions.Select(session => session.Id));
            continuation = page.Continuation;
        } while (continuation is not null);

        return walked;
    }
}
