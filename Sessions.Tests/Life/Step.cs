namespace Sessions.Tests.Life;

/// <summary>
/// One thing that happens to sessions. <c>At</c> counts the sessions that were begun before, round and round; <c>Age</c> is how many rotations ago a token was issued: an older one is shown where
/// the response with a newer one was lost, or by a request that was on its way, or by a thief.
/// </summary>
internal abstract record Step
{
    public sealed record Init(int User) : Step;

    public sealed record Start : Step;

    public sealed record LogIn(int At, int User, bool Exclusive) : Step;

    public sealed record LogOut(int At, bool KeepValues) : Step;

    public sealed record Request(int At, int Age, bool Slide) : Step;

    public sealed record Garbage(int At) : Step;

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

    /// <summary>Until the session expires, or one millisecond less.</summary>
    public sealed record WaitForExpiry(int At, bool Reached) : Step;

    /// <summary>Until the grace of the secret before is over by a millisecond, or just not yet.</summary>
    public sealed record WaitForGrace(int At, bool Over) : Step;
}
