using System.Diagnostics;
using Sessions.Bench.Places;

namespace Sessions.Bench.Writes;

/// <summary>Those who write at the same time, each to a session of its own.</summary>
internal static class WriteCallers
{
    public const int Count = 64;

    public static async Task<SessionId[]> LogInAsync(SessionManager manager) =>
        [.. (await Population.CreateAsync(manager, Count, perUser: 1)).Select(static issued => issued.Session.Id)];

    /// <summary>Lets all callers write until the time is over.</summary>
    /// <param name="time">Then each comes to the end of the write that it is at.</param>
    /// <param name="write">Starts the caller of a number, which writes until it is told that the time is over and returns how often it did.</param>
    /// <returns>Writes a second.</returns>
    public static async Task<double> RunAsync(TimeSpan time, Func<int, Func<bool>, Task<int>> write)
    {
        var started = Stopwatch.GetTimestamp();
        bool IsOver() => Stopwatch.GetElapsedTime(started) >= time;
        var writes = await Task.WhenAll(Enumerable.Range(0, Count).Select(caller => write(caller, IsOver)));
        return writes.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
