using FsCheck;
using FsCheck.Fluent;

namespace Sessions.Tests.Lifecycle;

/// <summary>Rows of steps by chance, likelier where sessions live than where they end.</summary>
internal static class StepGenerator
{
    // Mostly the sessions begun last, so that many steps meet in one.
    private static readonly Gen<int> At = Gen.Frequency((5, Gen.Constant(0)), (3, Gen.Constant(1)), (2, Gen.Choose(2, 5)));
    private static readonly Gen<int> User = Gen.Choose(0, SessionModelRunner.UserCount - 1);
    private static readonly Gen<int> Age = Gen.Frequency((6, Gen.Constant(0)), (3, Gen.Constant(1)), (1, Gen.Choose(2, 3)));
    private static readonly Gen<int> Key = Gen.Choose(0, 2);
    private static readonly Gen<int> Value = Gen.Choose(0, 99);
    private static readonly Gen<bool> Either = Gen.Elements(true, false);

    private static readonly Gen<TimeSpan> Time = Gen.Elements(
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(3),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(12)
    );

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (4, from user in User select (Step)new Step.Init(user)),
        (1, Gen.Constant<Step>(new Step.Start())),
        (2, from at in At from user in User from exclusive in Either select (Step)new Step.LogIn(at, user, exclusive)),
        (1, from at in At from keep in Either select (Step)new Step.LogOut(at, keep)),
        (12, from at in At from age in Age from slide in Either select (Step)new Step.Request(at, age, slide)),
        (1, from at in At select (Step)new Step.MalformedToken(at)),
        (3, from at in At from age in Age select (Step)new Step.Rotate(at, age)),
        (1, from at in At select (Step)new Step.Reauthenticate(at)),
        (3, from at in At from key in Key from value in Value select (Step)new Step.Put(at, key, value)),
        (2, from at in At from key in Key from value in Value select (Step)new Step.PutIfAbsent(at, key, value)),
        (2, from at in At from key in Key select (Step)new Step.Take(at, key)),
        (1, from at in At select (Step)new Step.Revoke(at)),
        (2, from at in At from other in At select (Step)new Step.RevokeOwn(at, other)),
        (1, from at in At select (Step)new Step.RevokeOther(at)),
        (1, from at in At select (Step)new Step.RevokeAll(at)),
        (1, from user in User select (Step)new Step.RevokeUser(user)),
        (2, Gen.Constant<Step>(new Step.Flush())),
        (8, from time in Time select (Step)new Step.Wait(time)),
        (2, from at in At from reached in Either select (Step)new Step.RequestAtExpiry(at, reached)),
        (3, from at in At from over in Either select (Step)new Step.RequestAtGraceEnd(at, over))
    );

    public static Arbitrary<Step[]> Sequences(int length) => Arb.From(Gen.ArrayOf(AnyStep, length), Shrink);

    /// <summary>The row without one half, one quarter, and so on down to one step.</summary>
    private static IEnumerable<Step[]> Shrink(Step[] row)
    {
        for (var size = row.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start < row.Length; start += size)
            {
                yield return [.. row.Take(start), .. row.Skip(start + size)];
            }
        }
    }
}

/// <summary>
/// One thing that happens to sessions. <c>At</c> counts them from the one begun last, round and round; <c>Age</c> is how many rotations ago
/// a token was issued: an older one is shown where the response with a newer one was lost, by a request that was on its way, or by a thief.
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
