namespace Sessions.AspNetCore;

/// <summary>How a client showed, or would have shown, its token.</summary>
internal enum CredentialSource
{
    /// <summary>In our cookie, which we set and take back.</summary>
    Cookie,

    /// <summary>In the Authorization header.</summary>
    Bearer,

    /// <summary>In the cookie of ASP.NET Core's cookie authentication.</summary>
    Ticket,
}
