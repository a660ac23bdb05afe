namespace Sessions.AspNetCore;

/// <summary>How many sessions were ended.</summary>
internal sealed record RevokedSessions(int Revoked);
