namespace Sessions;

/// <summary>Why a cookie that was shown is no session. For the application, never for the client.</summary>
public enum CookieSessionRejection
{
    /// <summary>
    /// It was not made here, or not for this: tampered with, truncated, renamed, from another application, or protected with a key that is
    /// no longer known.
    /// </summary>
    NotAuthentic,

    /// <summary>Its time is over, whatever the browser thought.</summary>
    Expired,

    /// <summary>It was issued later than now, by more than <see cref="CookieSessionOptions.ClockTolerance"/>.</summary>
    IssuedInFuture,

    /// <summary>It is authentic, but what is in it is no longer what the application expects.</summary>
    Unreadable,
}

/// <summary>A cookie was shown that is no session. The request goes on without one, and the cookie is left alone.</summary>
public sealed record CookieSessionRejectedContext
{
    /// <summary>The name of the cookie sessions.</summary>
    public required string Name { get; init; }

    /// <summary>Why.</summary>
    public required CookieSessionRejection Reason { get; init; }
}
