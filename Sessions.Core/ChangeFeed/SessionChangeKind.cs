namespace Sessions.Stores;

/// <summary>What happened to a session.</summary>
public enum SessionChangeKind
{
    /// <summary>Its secret, its values or its end changed. A touch is no change.</summary>
    Changed = 0,

    /// <summary>It was ended before its time.</summary>
    Ended = 1,
}
