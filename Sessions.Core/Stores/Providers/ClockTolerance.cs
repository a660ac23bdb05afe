namespace Sessions.Stores;

/// <summary>How far the clocks of nodes may be apart before it is noticed.</summary>
public static class ClockTolerance
{
    /// <summary>5 seconds: when a node evaluates a token, it allows this much for the clock of the node that wrote the session.</summary>
    internal static TimeSpan Evaluation { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// 5 minutes: what has expired is deleted only this much later, so that a node whose clock runs ahead destroys nothing. Stores with a
    /// TTL of their own let records live this much longer; sweeps wait as long.
    /// </summary>
    public static TimeSpan Deletion { get; } = TimeSpan.FromMinutes(5);
}
