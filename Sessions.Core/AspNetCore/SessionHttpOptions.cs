namespace Sessions.AspNetCore;

/// <summary>How the sessions of one name travel over HTTP.</summary>
public sealed class SessionHttpOptions;
