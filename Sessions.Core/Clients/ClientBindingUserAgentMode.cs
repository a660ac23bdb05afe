namespace Sessions;

/// <summary>What of a client's user agent must stay.</summary>
public enum ClientBindingUserAgentMode
{
    /// <summary>Nothing.</summary>
    Any = 0,

    /// <summary>The names of operating system and browser.</summary>
    SameBrowser = 1,

    /// <summary>The header, to the letter. A browser that updates itself is signed out.</summary>
    Exact = 2,
}
