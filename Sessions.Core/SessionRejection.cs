namespace Sessions;

/// <summary>Why there is no session.</summary>
public enum SessionRejection
{
    /// <summary>There is one.</summary>
    None = 0,

    /// <summary>The client showed no token.</summary>
    NoToken = 1,

    /// <summary>What the client showed is not a token. The store was not asked.</summary>
    MalformedToken = 2,

    /// <summary>The store knows no live session of that id.</summary>
    Unknown = 3,

    /// <summary>The session has expired.</summary>
    Expired = 4,

    /// <summary>The session exists, but the secret is not its own.</summary>
    WrongSecret = 5,

    /// <summary>The session has reached its absolute end.</summary>
    Ended = 6,

    /// <summary>The token is good, but the request comes from a foreign origin and could change something.</summary>
    CrossOrigin = 7,

    /// <summary>The store failed: nothing is known of the session.</summary>
    StoreUnavailable = 8,

    /// <summary>The session was ended by this very request.</summary>
    Revoked = 9,
}
