using System.Globalization;
using System.Runtime.ExceptionServices;
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

    /// <summary>
    /// For what a call of a race waits for in the test itself: cancelled as soon as another one fails, which may have been to bring it
    /// about.
    /// </summary>
    private CancellationToken RaceToken { get; set; }

    /// <summary>Runs all rounds, each with a user of its own; a failure names the round and how to repeat it.</summary>
    private Task RunRoundsAsync(Func<string, Task> race) => RunRoundsAsync(Rounds, race);

    private async Task RunRoundsAsync(int rounds, Func<string, Task> race)
    {
        var texts = HostileText.All.Values.ToArray();
        for (var round = 0; round < rounds; round++)
        {
            try
            {
                await race(string.Create(CultureInfo.InvariantCulture, $"{texts[round % texts.Length]} {round}"));
            }
            catch (Exception e) when (e is not IgnoreException)
            {
                // What a store throws is shown whole, with the exceptions inside: NUnit shows those of no assertion.
                var text = e is AssertionException ? e.Message : e.ToString();
                throw new AssertionException($"Round {round}, {SeededRandom.SeedVariable}={Random.Seed}: {text}", e);
            }
        }
    }

    /// <summary>Starts the calls together, once all of them are ready to, and waits for all. The first that fails fails the race.</summary>
    private async Task RaceAsync(params IEnumerable<Func<Task>> calls)
    {
        var runners = calls.ToArray();
        Random.Shuffle(runners.AsSpan());
        var waiting = runners.Length;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var race = CancellationTokenSource.CreateLinkedTokenSource(Token);
        RaceToken = race.Token;
        Exception? first = null;
        var running = runners.Select(run => Task.Run(() => RunAsync(run))).ToArray();
        // A call that never returns fails the test, and does not stop the run.
        await Task.WhenAll(running).WaitAsync(Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        var missing = running.Count(call => !call.IsCompleted);
        Assert.That(missing, Is.Zero, "Calls of the race that have not returned when the time of the test was over.");

        async Task RunAsync(Func<Task> run)
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

            try
            {
                await run();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                await race.CancelAsync();
            }
        }
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
