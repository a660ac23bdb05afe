namespace Sessions;

/// <summary>Which client a caller is compared with.</summary>
public enum ClientBindingReference
{
    /// <summary>The one that began the session.</summary>
    Creation = 0,

    /// <summary>The one that was seen last, so that a client may move in small steps.</summary>
    LastSeen = 1,
}
