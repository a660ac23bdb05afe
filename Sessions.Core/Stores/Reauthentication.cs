namespace Sessions.Stores;

/// <summary>The user proved again who he is: the one thing that moves the absolute end of a session.</summary>
/// <param name="At">When, in whole milliseconds. Becomes <see cref="Session.AuthenticatedAt"/>.</param>
/// <param name="Method">How. Becomes <see cref="Session.AuthenticationMethod"/>, null included, and is the same text: at most 128 bytes of UTF-8 without U+0000.</param>
/// <param name="ExpiresAt">The new expiry, not after <paramref name="EndsAt"/>.</param>
/// <param name="EndsAt">The new absolute end.</param>
/// <exception cref="ArgumentException">No session can hold the method.</exception>
public sealed record Reauthentication(DateTimeOffset At, string? Method, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt)
{
    /// <summary>How. Becomes <see cref="Session.AuthenticationMethod"/>, null included.</summary>
    /// <exception cref="ArgumentException">No session can hold the text.</exception>
    public string? Method
    {
        get;
        init => field = CheckMethod(value);
    } = CheckMethod(Method);

    private static string? CheckMethod(string? method) =>
        SessionText.CheckLabel(method, SessionText.MaxAuthenticationMethodBytes, nameof(Method));

    internal Session ApplyTo(Session session) =>
        session with
        {
            AuthenticatedAt = At,
            AuthenticationMethod = Method,
            ExpiresAt = ExpiresAt,
            EndsAt = EndsAt,
        };
}
