namespace Sessions;

/// <summary>Whether changes are delivered.</summary>
public readonly record struct ChangeFeedStatus
{
    /// <summary>
    /// Whether every change arrives, as far as can be known: connected, with a proof of it within
    /// <see cref="ChangeFeedBroker.HeartbeatTimeout"/>.
    /// </summary>
    public required bool IsConnected { get; init; }

    /// <summary>Since when it is so.</summary>
    public required DateTimeOffset Since { get; init; }
}
