using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Authentication;

public sealed class ReauthenticationTests
{
    private static readonly Reauthentication Proof = new()
    {
        At = DateTimeOffset.UnixEpoch,
        Method = "otp",
        ExpiresAt = DateTimeOffset.UnixEpoch,
        EndsAt = DateTimeOffset.UnixEpoch,
    };

    // Not attributes: those would replace the lone surrogate.
    private static readonly string[] Impossible = ["a\0b", "\ud800", new('a', 129)];

    [Test]
    public void A_method_that_no_session_can_hold_is_refused_before_any_store([ValueSource(nameof(Impossible))] string method)
    {
        Assert.That(
            () =>
                new Reauthentication
                {
                    At = Proof.At,
                    Method = method,
                    ExpiresAt = Proof.ExpiresAt,
                    EndsAt = Proof.EndsAt,
                },
            Throws.ArgumentException
        );
        Assert.That(() => Proof with { Method = method }, Throws.ArgumentException);
        Assert.That(() => FixedSamples.Session() with { AuthenticationMethod = method }, Throws.ArgumentException);
    }

    [Test]
    public void The_longest_method_that_a_session_can_hold_is_written_into_its_record()
    {
        var proof = Proof with { Method = new string('a', 126) + "é" };
        var session = FixedSamples.Session() with { AuthenticationMethod = proof.Method };

        Assert.That(() => SessionRecordPart.Write(proof), Throws.Nothing);
        Assert.That(SessionRecord.Read(session.Id, SessionRecord.Write(session)), Is.EqualTo(session));
    }

    [Test]
    public void There_may_be_no_method() => Assert.That((Proof with { Method = null }).Method, Is.Null);
}
