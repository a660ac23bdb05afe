namespace Sessions;

/// <summary>Why a session ended, and thereby by whom.</summary>
public enum SessionEndReason
{
    /// <summary>The user signed out on this device.</summary>
    SignedOut = 0,

    /// <summary>The user ended it from another of his sessions.</summary>
    OtherDevice = 1,

    /// <summary>The user began more sessions than he may have.</summary>
    Limit = 2,

    /// <summary>The same browser began another session.</summary>
    Replaced = 3,

    /// <summary>The visitor signed in, and has a session of his own now.</summary>
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
