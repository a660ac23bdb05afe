namespace Sessions;

/// <summary>Whether changes are delivered.</summary>
/// <param name="IsConnected">Whether every change arrives, as far as can be known: connected, and heard of within <see cref="ChangeFeedBroker.HeartbeatTimeout"/>.</param>
/// <param name="Since">Since when it is so.</param>
public readonly record struct ChangeFeedStatus(bool IsConnected, DateTimeOffset Since);
