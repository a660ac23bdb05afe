namespace Sessions;

/// <summary>A token was not accepted.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Id">The session that the token names; it need not exist.</param>
/// <param name="Reason">Why.</param>
/// <param name="Client">Who showed it, as far as it is known.</param>
public sealed record TokenRejectedContext(string Name, SessionId Id, SessionRejection Reason, ClientInfo? Client);
