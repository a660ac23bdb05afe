using System.Diagnostics;

namespace Sessions.Bench.Writes;

/// <summary>One who writes again and again until the round is over, and notes how long it takes.</summary>
internal sealed class WriteCaller(int number, long roundStarted, TimeSpan time)
{
    private long _begun;

    /// <summary>Which of the callers.</summary>
    public int Number => number;

    public int Writes { get; private set; }

    public TimeSpan LongestWait { get; private set; }

    /// <summary>Whether there is time for another write.</summary>
    public bool RecordStart()
    {
        _begun = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(roundStarted, _begun) < time;
    }

    public void RecordEnd()
    {
        Writes++;
        var wait = Stopwatch.GetElapsedTime(_begun);
        LongestWait = wait > LongestWait ? wait : LongestWait;
    }
}
