namespace Sessions.AspNetCore;

/// <summary>
/// What a request shows. A browser sends one cookie of a name as a rule; several after a deployment has changed <c>Domain</c> or
/// <c>Path</c>, or beside another application on the host. Their order does not show which is ours.
/// </summary>
internal readonly struct ShownTokens
{
    /// <summary>How many tokens of one request are evaluated: each may take a read of the store.</summary>
    public const int MaxCount = 3;

    /// <summary>The first token.</summary>
    public SessionToken First { get; init; }

    /// <summary>The other ones; null: there are none.</summary>
    public SessionToken[]? Others { get; init; }

    /// <summary>Whether a cookie of our name holds something that is no token: damaged, or of another application.</summary>
    public bool HasOtherText { get; init; }
}
