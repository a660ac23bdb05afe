using System.Diagnostics;
using Sessions.Bench.Measuring;
using Sessions.Stores;

namespace Sessions.Bench.Limits;

/// <summary>What another user waits for while very many sessions end, or are listed.</summary>
internal static class LargeEndings
{
    private const string User = "large";

    public static async Task<string[]> MeasureAsync(ISessionStore store, int count)
    {
        var sessions = new BenchSessions(SessionValues.Empty);
        await sessions.StoreAsync(store, User, count);
        var list = await RunAsync(store, sessions, count, async () => (await store.FetchAllAsync(User, [], CancellationToken.None)).Count);
        var all = await RunAsync(
            store,
            sessions,
            count,
            async () => (await store.DeleteAllAsync(User, null, CancellationToken.None))!.Count
        );
        await sessions.StoreAsync(store, User, count, SessionTags.Create(BenchSessions.Tag));
        var tagged = await RunAsync(
            store,
            sessions,
            count,
            async () => (await store.DeleteByTagAsync(BenchSessions.Tag, CancellationToken.None)).Count
        );
        var nothing = await RunAsync(
            store,
            sessions,
            0,
            async () =>
            {
                await Task.Delay(all.Call);
                return 0;
            }
        );
        return
        [
            FigureFormat.Time(all.Call),
            FigureFormat.Time(all.LongestWait),
            FigureFormat.Time(tagged.Call),
            FigureFormat.Time(tagged.LongestWait),
            FigureFormat.Time(list.Call),
            FigureFormat.Time(list.LongestWait),
            FigureFormat.Time(nothing.LongestWait),
        ];
    }

    private static async Task<(TimeSpan Call, TimeSpan LongestWait)> RunAsync(
        ISessionStore store,
        BenchSessions sessions,
        int count,
        Func<Task<int>> call
    )
    {
        GC.Collect();
        using var ended = new CancellationTokenSource();
        var others = Task.Run(() => SignInAsync(store, sessions, ended.Token));
        await Task.Delay(200);
        var started = Stopwatch.GetTimestamp();
        var found = await call();
        var time = Stopwatch.GetElapsedTime(started);
        await ended.CancelAsync();
        return found == count ? (time, await others) : throw new InvalidOperationException($"{found} sessions instead of {count}.");
    }

    private static async Task<TimeSpan> SignInAsync(ISessionStore store, BenchSessions sessions, CancellationToken ended)
    {
        var longest = TimeSpan.Zero;
        while (!ended.IsCancellationRequested)
        {
            var session = sessions.Create("another");
            var started = Stopwatch.GetTimestamp();
            await store.CreateAsync(session, null, null, CancellationToken.None);
            var wait = Stopwatch.GetElapsedTime(started);
            longest = wait > longest ? wait : longest;
            await store.DeleteAsync(session.Id, SessionMarker.None, CancellationToken.None);
        }

        return longest;
    }
}
