namespace Sessions;

/// <summary>Somebody showed a secret that is no longer accepted: the token was copied, and owner and thief cannot be told apart.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Session">The session, which is revoked.</param>
/// <param name="Client">Who showed it, as far as it is known.</param>
public sealed record SessionReuseDetectedContext(string Name, Session Session, ClientInfo? Client);
