namespace Sessions;

/// <summary>What a shown secret is to a session.</summary>
internal enum SecretMatch
{
    /// <summary>Not of this session: garbage on a public id. Says nothing about the session.</summary>
    Mismatch,

    /// <summary>The current secret.</summary>
    Current,

    /// <summary>The current secret after a rotation, shown for the first time.</summary>
    Unconfirmed,

    /// <summary>The secret before it, while it is still good.</summary>
    Previous,

    /// <summary>The right lineage with a secret that is no longer accepted: somebody holds a copy.</summary>
    Reused,
}
