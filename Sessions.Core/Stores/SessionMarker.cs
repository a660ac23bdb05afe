namespace Sessions.Stores;

/// <summary>What a session leaves under its id when it ends, for <see cref="SessionMarkerLifetime.Duration"/>.</summary>
public enum SessionMarker
{
    /// <summary>Nothing: the session is as unknown as one that never was.</summary>
    None = 0,

    /// <summary>A sign-in of the same client took its place.</summary>
    Replaced = 1,
}

/// <summary>How long a <see cref="SessionMarker"/> is found.</summary>
public static class SessionMarkerLifetime
{
    /// <summary>
    /// 2 minutes, by the injected clock: requests that were on their way when the session ended have arrived by then. At the exact instant
    /// there is no marker any more.
    /// </summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromMinutes(2);
}
