namespace Sessions;

/// <summary>What a shown token is to a session.</summary>
internal enum TokenStanding
{
    /// <summary>Not of this session: another lineage, or no token that it ever had. Says nothing about the session.</summary>
    Wrong,

    /// <summary>The current token.</summary>
    Current,

    /// <summary>The token before it, while it is still good.</summary>
    Previous,

    /// <summary>
    /// A token that was right once and was replaced not long ago: a request of the owner may have been on its way as long.
    /// </summary>
    Late,

    /// <summary>A token of a generation that the store has lost, in a failover or with a restored backup.</summary>
    Ahead,

    /// <summary>A token that was right once and was replaced longer ago than any request of the owner takes.</summary>
    Copied,
}
