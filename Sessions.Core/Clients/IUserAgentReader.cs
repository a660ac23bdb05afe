namespace Sessions;

/// <summary>
/// Finds operating system, browser and device kind in the headers of a client. Register your own to replace the default.
/// </summary>
/// <remarks>
/// Everything in the headers is the client's word: fit for a list of devices and for noticing a change, never for granting anything. What
/// was read of equal headers may be used again, so it has to depend on nothing else.
/// </remarks>
public interface IUserAgentReader
{
    /// <summary>Reads the headers. Must not throw on any text; what they do not show is null.</summary>
    UserAgent Read(UserAgentHeaders headers);
}

/// <summary>
/// What a client says of itself, as it was sent (RFC 9110 section 10.1.5; W3C User-Agent Client Hints). Absent headers are null.
/// </summary>
public readonly record struct UserAgentHeaders
{
    /// <summary>The <c>User-Agent</c> header.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The <c>Sec-CH-UA</c> header: a structured list of brands with versions.</summary>
    public string? Brands { get; init; }

    /// <summary>The <c>Sec-CH-UA-Platform</c> header: a quoted name.</summary>
    public string? Platform { get; init; }

    /// <summary>The <c>Sec-CH-UA-Mobile</c> header: <c>?1</c> or <c>?0</c>.</summary>
    public string? Mobile { get; init; }
}

/// <summary>
/// What an <see cref="IUserAgentReader"/> found out. Names carry no version, so that an update is no change of client, and have at most 128
/// bytes of UTF-8.
/// </summary>
public readonly record struct UserAgent
{
    /// <summary>For instance "Windows"; null when the headers do not show it.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>For instance "Firefox"; null when the headers do not show it.</summary>
    public string? Browser { get; init; }

    /// <summary>The kind of device.</summary>
    public DeviceKind Device { get; init; }
}
