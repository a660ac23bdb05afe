namespace Sessions;

/// <summary>Why a session ended, and thereby by whom.</summary>
public enum SessionEndReason
{
    /// <summary>The user signed out on this device.</summary>
    SignedOut = 0,

    /// <summary>The user ended it from another of their sessions.</summary>
    OtherDevice = 1,

    /// <summary>The user began more sessions than the limit allows.</summary>
    Limit = 2,

    /// <summary>The same browser began another session.</summary>
    Replaced = 3,

    /// <summary>The visitor signed in, and has a session of their own now.</summary>
    SignedIn = 4,

    /// <summary>The application ended it: an administrator, a password that was reset.</summary>
    Administrator = 5,

    /// <summary>A stolen copy of its token was shown.</summary>
    Reuse = 6,

    /// <summary>Its client changed.</summary>
    Binding = 7,

    /// <summary>It expired.</summary>
    Expired = 8,
}

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

    /// <summary>The secret was right once and is no longer accepted: a stolen copy. The session has been revoked.</summary>
    ReusedSecret = 10,

    /// <summary>The client is not the one that the session is bound to.</summary>
    ClientChanged = 11,

    /// <summary>The endpoint wants a user who authenticated more recently.</summary>
    Reauthenticate = 12,

    /// <summary>The application could not load the session's user.</summary>
    UserUnavailable = 13,

    /// <summary>The application has no user of that key.</summary>
    UserUnknown = 14,
}
