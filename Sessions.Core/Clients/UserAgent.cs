namespace Sessions;

/// <summary>What an <see cref="IUserAgentReader"/> found out. Names carry no version, so that an update is no change of client, and have at most 128 bytes of UTF-8.</summary>
/// <param name="OperatingSystem">For instance "Windows"; null when it cannot be told.</param>
/// <param name="Browser">For instance "Firefox"; null when it cannot be told.</param>
/// <param name="Device">The kind of device.</param>
public readonly record struct UserAgent(string? OperatingSystem, string? Browser, DeviceKind Device);
