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

    /// <summary>An old copy of its token was shown.</summary>
    Copied = 6,

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

    /// <summary>What the client showed is not a token. The store was not read.</summary>
    MalformedToken = 2,

    /// <summary>The store knows no live session of that id.</summary>
    Unknown = 3,

    /// <summary>The session has expired.</summary>
    Expired = 4,

    /// <summary>The session exists, but the token is not its own, and never was. Nothing changes.</summary>
    WrongToken = 5,

    /// <summary>The session has reached its absolute end.</summary>
    Ended = 6,

    /// <summary>The token is good, but the request comes from a foreign origin and could change something.</summary>
    CrossOrigin = 7,

    /// <summary>The store failed: nothing is known of the session.</summary>
    StoreUnavailable = 8,

    /// <summary>The session was ended by this very request.</summary>
    Revoked = 9,

    /// <summary>
    /// The token was replaced longer ago than any request of its owner takes: an old copy of it was shown. The session has ended.
    /// </summary>
    Copied = 10,

    /// <summary>The client is not the one that the session is bound to.</summary>
    ClientChanged = 11,

    /// <summary>The endpoint wants a user who authenticated more recently.</summary>
    Reauthenticate = 12,

    /// <summary>The application could not load the session's user.</summary>
    UserUnavailable = 13,

    /// <summary>The application has no user of that key.</summary>
    UserUnknown = 14,

    /// <summary>
    /// The token was replaced a while ago, but a request of its owner may have been on its way as long. The session lives, with a newer
    /// token.
    /// </summary>
    Late = 15,

    /// <summary>
    /// The token is newer than what the store knows: the store has lost a write, in a failover or with a restored backup. The session
    /// lives.
    /// </summary>
    Ahead = 16,

    /// <summary>A sign-in replaced the session within the last two minutes: the browser has another one, or is about to.</summary>
    Replaced = 17,

    /// <summary>The browser showed several cookies of this name, which open sessions of different users: it does not say who it is.</summary>
    Ambiguous = 18,
}

/// <summary>What follows from a rejection.</summary>
internal static class SessionRejectionExtensions
{
    /// <summary>
    /// Whether the browser that showed a token certainly has no session with it. One that a sign-in replaced is about to have another.
    /// </summary>
    public static bool ShowsNoSession(this SessionRejection rejection) =>
        rejection
            is SessionRejection.NoToken
                or SessionRejection.Unknown
                or SessionRejection.Expired
                or SessionRejection.Ended
                or SessionRejection.WrongToken
                or SessionRejection.Revoked;
}
