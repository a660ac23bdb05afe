using System.Diagnostics;
using Sessions.Bench.Places;

namespace Sessions.Bench.Writes;

/// <summary>Those who write at the same time, each to a session of its own.</summary>
internal static class WriteCallers
{
    public const int Count = 64;

    public static async Task<SessionId[]> LogInAsync(SessionManager manager) =>
        [.. (await SessionSeeder.CreateAsync(manager, Count, perUser: 1)).Select(static issued => issued.Session.Id)];

    /// <summary>Lets all callers write until the time is over; then each comes to the end of the write that it is at.</summary>
    public static async Task<WriteRound> RunAsync(TimeSpan time, Func<WriteCaller, Task> write)
    {
        var started = Stopwatch.GetTimestamp();
        var callers = Enumerable.Range(0, Count).Select(number => new WriteCaller(number, started, time)).ToList();
        await Task.WhenAll(callers.Select(write));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(callers.Sum(static caller => caller.Writes) / seconds, callers.Max(static caller => caller.LongestWait));
    }
}
