namespace Sessions.Tests.Life;

/// <summary>
/// One thing that happens to sessions. <c>At</c> counts them from the one begun last, round and round; <c>Age</c> is how many rotations ago a token was issued: an older one is shown where the response with
/// a newer one was lost, by a request that was on its way, or by a thief.
/// </summary>
internal abstract record Step
{
    public sealed record Init(int User) : Step;

    public sealed record Start : Step;

    public sealed record LogIn(int At, int User, bool Exclusive) : Step;

    public sealed record LogOut(int At, bool KeepValues) : Step;

    public sealed record Request(int At, int Age, bool Slide) : Step;

    public sealed record MalformedToken(int At) : Step;

    public sealed record Rotate(int At, int Age) : Step;

    public sealed record Reauthenticate(int At) : Step;

    public sealed record Put(int At, int Key, int Value) : Step;

    public sealed record PutIfAbsent(int At, int Key, int Value) : Step;

    public sealed record Take(int At, int Key) : Step;

    public sealed record Revoke(int At) : Step;

    public sealed record RevokeOwn(int At, int Other) : Step;

    public sealed record RevokeOther(int At) : Step;

    public sealed record RevokeAll(int At) : Step;

    public sealed record RevokeUser(int User) : Step;

    public sealed record Flush : Step;

    public sealed record Wait(TimeSpan Time) : Step;

    /// <summary>A request at the instant at which the session expires, or one millisecond before.</summary>
    public sealed record RequestAtExpiry(int At, bool Reached) : Step;

    /// <summary>A request with the secret before at the last instant of its grace, or one millisecond after.</summary>
    public sealed record RequestAtGraceEnd(int At, bool Over) : Step;
}
