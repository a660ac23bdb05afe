namespace Sessions;

/// <summary>What a client says of itself. Many clients share one: nothing changes it once the first of them is made.</summary>
internal sealed record ParsedUserAgent
{
    public static readonly ParsedUserAgent Unknown = new();

    public string? OperatingSystem { get; set; }

    public string? Browser { get; set; }

    public DeviceKind Device { get; set; }

    public Sha256Hash? Hash { get; set; }
}
