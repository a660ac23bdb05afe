using System.Globalization;
using NUnit.Framework;

namespace Sessions.Testing;

/// <summary>
/// What the contract of <see cref="ISessionStore"/> promises to callers at once: many seeded rounds of <see cref="Concurrency"/> tasks that
/// start together, and after each round what must hold. Derive one empty class from it, as from
/// <see cref="SessionStoreConformanceTests{TBackend}"/>.
/// </summary>
/// <typeparam name="TBackend">How the store under test is made.</typeparam>
public abstract partial class SessionStoreRaceTests<TBackend> : SessionStoreTestBase<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    /// <summary>How many tasks race in a round.</summary>
    protected const int Concurrency = 8;

    private int Rounds => TestEffort.Scale(Backend.RaceRounds);

    /// <summary>Runs all rounds, each with a user of its own; a failure names the round and how to repeat it.</summary>
    private async Task RunRoundsAsync(Func<string, Task> race)
    {
        var texts = HostileText.All.Values.ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                await race(string.Create(CultureInfo.InvariantCulture, $"{texts[round % texts.Length]} {round}"));
            }
            catch (Exception e) when (e is not IgnoreException)
            {
                throw new AssertionException($"Round {round}, {SeededRandom.SeedVariable}={Random.Seed}: {e.Message}", e);
            }
        }
    }

    /// <summary>Starts the calls together, once all of them are ready to, and waits for all.</summary>
    private async Task RaceAsync(params IEnumerable<Func<Task>> calls)
    {
        var runners = calls.ToArray();
        Random.Shuffle(runners.AsSpan());
        var waiting = runners.Length;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(
            runners.Select(run =>
                Task.Run(async () =>
                {
                    if (Interlocked.Decrement(ref waiting) == 0)
                    {
                        gate.SetResult();
                    }

                    await gate.Task;

                    // Each call yields a random number of times, so that other pairs of steps meet in each round.
                    for (var steps = Random.Next(3); steps > 0; steps--)
                    {
                        await Task.Yield();
                    }

                    await run();
                })
            )
        );
    }

    /// <summary>Runs the same call in all tasks and returns what each returned.</summary>
    private async Task<T[]> RaceAsync<T>(Func<int, Task<T>> call)
    {
        var results = new T[Concurrency];
        await RaceAsync(Enumerable.Range(0, Concurrency).Select(i => (Func<Task>)(async () => results[i] = await call(i))));
        return results;
    }

    private async Task<Session> CreateAsync(Session session)
    {
        await Store.CreateAsync(session, null, Token);
        return session;
    }

    /// <summary>Sessions of one user, the second begun a millisecond after the first and so on.</summary>
    private Session[] CreateSamples(string userKey, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Samples.Create(userKey)).Select((session, i) => CreatedLater(session, i))];

    private async Task<Session[]> CreateManyAsync(string userKey, int count)
    {
        var sessions = CreateSamples(userKey, count);
        foreach (var session in sessions)
        {
            await CreateAsync(session);
        }

        return sessions;
    }

    private static Session CreatedLater(Session session, int milliseconds) =>
        session with
        {
            CreatedAt = session.CreatedAt.AddMilliseconds(milliseconds),
        };

    private static SessionTouch Touch(Session session, TimeSpan by) =>
        new()
        {
            Id = session.Id,
            LastSeenAt = session.LastSeenAt + by,
            ExpiresAt = session.ExpiresAt + by,
        };

    private async Task AssertGoneAsync(Session session)
    {
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Null, "The deleted session is there.");
        var listed = await Store.FetchAllAsync(session.UserKey!, Token);
        Assert.That(listed.Select(other => other.Id), Has.No.Member(session.Id), "The deleted session is listed.");
    }
}
