namespace Sessions.Bench.Writes;

/// <summary>What came of a round.</summary>
/// <param name="PerSecond">Writes of all callers together.</param>
/// <param name="LongestWait">For a single write, of the caller who had the worst of it.</param>
internal readonly record struct WriteRound(double PerSecond, TimeSpan LongestWait);
