namespace Sessions.AspNetCore;

/// <summary>How a client showed, or would have shown, its token.</summary>
internal enum CredentialSource
{
    Cookie,
    Bearer,
}
