namespace Sessions;

/// <summary>A system's name, and what it runs on when nothing else is said.</summary>
internal readonly record struct OperatingSystemTraits(string? Name, DeviceKind Device);
