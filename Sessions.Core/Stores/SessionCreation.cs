namespace Sessions.Stores;

/// <summary>Which sessions ended in the step that stored a new one.</summary>
public sealed record SessionCreation
{
    /// <summary>The live sessions that the limit ended, the least recently used first. Default: none.</summary>
    public IReadOnlyList<Session> Evicted { get; init; } = [];

    /// <summary>The session that the new one replaced. Null, the default: there was none to replace.</summary>
    public Session? Replaced { get; init; }
}
