using NUnit.Framework;

namespace Sessions.Testing;

/// <summary>
/// What the contract of <see cref="ISessionStore"/> promises to callers at once: many seeded rounds of <see cref="Tasks"/> tasks that start together, and
/// after each round what must hold. Derive one small class from it, as from <see cref="SessionStoreConformance{TStore}"/>.
/// </summary>
/// <typeparam name="TStore">The store under test.</typeparam>
public abstract partial class SessionStoreRaces<TStore> : SessionStoreSuite<TStore>
    where TStore : class, ISessionStore
{
    /// <summary>How many calls race in a round.</summary>
    protected const int Tasks = 8;

    /// <summary>How many rounds each race has: 200. Fewer where a call costs a disk or a network.</summary>
    protected virtual int Rounds => 200;

    /// <summary>Starts the calls together, once all of them are ready to, and waits for all.</summary>
    private static async Task<T[]> TogetherAsync<T>(IReadOnlyCollection<Func<Task<T>>> calls)
    {
        var waiting = calls.Count;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return await Task.WhenAll(
            calls.Select(call =>
                Task.Run(async () =>
                {
                    if (Interlocked.Decrement(ref waiting) == 0)
                    {
                        gate.SetResult();
                    }

                    await gate.Task;
                    return await call();
                })
            )
        );
    }

    /// <summary>Runs all rounds; a failure tells which one it was and how to have it again.</summary>
    private async Task RoundsAsync(Func<int, Task> race)
    {
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                await race(round);
            }
            catch (Exception e) when (e is not IgnoreException)
            {
                throw new AssertionException($"Round {round}, {SeededRandom.SeedVariable}={Random.Seed}: {e.Message}", e);
            }
        }
    }
}
