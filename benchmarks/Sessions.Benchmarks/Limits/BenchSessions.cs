using Sessions.Bench.Places;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Bench.Limits;

/// <summary>Sessions as a store gets them.</summary>
internal sealed class BenchSessions(SessionValues values)
{
    private readonly SampleSessions _samples = new(TimeProvider.System, new SeededRandom(1));
    private int _made;

    public static SessionTag Tag { get; } = new() { Name = "tenant", Value = "7" };

    /// <summary>A session of an ordinary browser that lives for a day.</summary>
    public Session Create(string userKey)
    {
        var client = SessionSeeder.Client(Interlocked.Increment(ref _made));
        return _samples.Create(userKey, TimeSpan.FromDays(1)) with { Client = client, LastClient = client, Values = values };
    }

    /// <summary>Stores many of them, 64 at a time.</summary>
    public Task StoreAsync(ISessionStore store, string userKey, int count, SessionTags? tags = null) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count).Select(_ => Create(userKey) with { Tags = tags ?? SessionTags.Empty }).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (session, cancellationToken) => await store.CreateAsync(session, null, null, cancellationToken)
        );
}
