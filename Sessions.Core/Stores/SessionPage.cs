namespace Sessions;

/// <summary>A part of all live sessions.</summary>
public sealed record SessionPage
{
    /// <summary>In order of id, each once; where the backend keeps no order (Redis), in any, and perhaps again on another page.</summary>
    public required IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>
    /// The argument for the next page, URL-safe. Null, the default: this is the last page. A page may be empty without being the last.
    /// </summary>
    public string? Continuation { get; init; }
}
