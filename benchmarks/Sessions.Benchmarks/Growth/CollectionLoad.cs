using System.Diagnostics;
using Sessions.Bench.Measuring;
using Sessions.Bench.Places;

namespace Sessions.Bench.Growth;

/// <summary>Signs in, checks and signs out beside all the sessions that stay, and watches the garbage collector meanwhile.</summary>
internal static class CollectionLoad
{
    // Old enough to have left the youngest generation when they go.
    private const int VisitorCount = 50_000;

    public static async Task<IReadOnlyList<CollectionKind>> RunAsync(SessionManager manager, SessionToken[] tokens, TimeSpan time)
    {
        // What was left of making the sessions is not to be counted.
        await ManagedHeap.CompactAsync();
        var earlier = GC.GetGCMemoryInfo(GCKind.Any).Index;
        var guests = new Queue<SessionId>();
        var collections = new Dictionary<long, GCMemoryInfo>();
        var seen = GC.CollectionCount(0);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
        {
            guests.Enqueue(
                (await manager.InitAsync($"guest-{i % VisitorCount}", new SessionInit { Client = SessionSeeder.Client(i) })).Session.Id
            );
            await manager.AuthAsync(tokens[i % tokens.Length]);
            if (guests.Count > VisitorCount)
            {
                await new SessionAdministration(manager).RevokeAsync(guests.Dequeue());
            }

            if (GC.CollectionCount(0) != seen)
            {
                seen = GC.CollectionCount(0);
                Record(collections);
            }
        }

        Record(collections);
        return [.. CollectionKind.Create(collections.Values.Where(collection => collection.Index > earlier))];
    }

    // The last of each kind, by number: one that runs in the background is told of when it has ended, which is later than others that began
    // after it.
    private static void Record(Dictionary<long, GCMemoryInfo> collections)
    {
        foreach (var kind in (GCKind[])[GCKind.Ephemeral, GCKind.Background, GCKind.FullBlocking])
        {
            var collection = GC.GetGCMemoryInfo(kind);
            collections[collection.Index] = collection;
        }
    }
}
