namespace Sessions;

/// <summary>What a client says of itself, as it was sent (RFC 9110 section 10.1.5; W3C User-Agent Client Hints). Absent headers are null.</summary>
/// <param name="UserAgent">The <c>User-Agent</c> header.</param>
/// <param name="Brands">The <c>Sec-CH-UA</c> header: a structured list of brands with versions.</param>
/// <param name="Platform">The <c>Sec-CH-UA-Platform</c> header: a quoted name.</param>
/// <param name="Mobile">The <c>Sec-CH-UA-Mobile</c> header: <c>?1</c> or <c>?0</c>.</param>
public readonly record struct UserAgentHeaders(string? UserAgent, string? Brands = null, string? Platform = null, string? Mobile = null);
