namespace Sessions.Clients;

/// <summary>A system, the token that gives it away, and what it runs on when nothing else is said.</summary>
internal readonly record struct OperatingSystemToken(string Token, string? Name, DeviceKind Device);
