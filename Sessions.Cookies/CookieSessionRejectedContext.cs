namespace Sessions;

/// <summary>A cookie was shown that is no session. The request goes on without one, and the cookie is left alone.</summary>
/// <param name="Name">The name of the cookie sessions.</param>
/// <param name="Reason">Why.</param>
public sealed record CookieSessionRejectedContext(string Name, CookieSessionRejection Reason);
