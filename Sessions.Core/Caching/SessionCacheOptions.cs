namespace Sessions;

/// <summary>How many sessions are remembered in process, and for how long.</summary>
public sealed class SessionCacheOptions
{
    /// <summary>
    /// How many sessions are remembered, from 1 to 10,000,000; those that were not used for the longest time make room. Default: 10,000.
    /// </summary>
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>
    /// How many bytes of memory they may take together, as estimated by their values and texts, at least 1 MiB. Default: 64 MiB.
    /// </summary>
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How old what is remembered may become, counted from the call of the store, from 100 milliseconds to one hour. The guarantee:
    /// whatever happens, no ended session is accepted longer; the change feed of a store makes it milliseconds. Default: 30 seconds.
    /// </summary>
    public TimeSpan MaxStaleness { get; set; } = DefaultMaxStaleness;

    internal static TimeSpan DefaultMaxStaleness { get; } = TimeSpan.FromSeconds(30);
}
