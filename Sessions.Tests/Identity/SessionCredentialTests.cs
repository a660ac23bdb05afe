using NUnit.Framework;

namespace Sessions.Tests.Identity;

public sealed class SessionCredentialTests
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private readonly SessionCredential _fresh = SessionCredential.Create(SessionToken.Create(null));
    private readonly Sha256Hash _hash = Sha256Hash.Compute([1]);

    [Test]
    public void What_is_set_of_a_rotation_in_whatever_order_is_read_again()
    {
        var rotated = _fresh with { ConfirmedAt = s_at.AddMinutes(1), RotatedAt = s_at, Previous = _hash };

        Assert.That((rotated.Previous, rotated.RotatedAt, rotated.ConfirmedAt), Is.EqualTo((_hash, s_at, s_at.AddMinutes(1))));
        Assert.That(
            (_fresh.Previous, _fresh.RotatedAt, _fresh.ConfirmedAt),
            Is.EqualTo(((Sha256Hash?)null, (DateTimeOffset?)null, (DateTimeOffset?)null))
        );
    }

    [Test]
    public void Instants_are_cut_to_whole_milliseconds()
    {
        var rotated = _fresh with { RotatedAt = s_at.AddTicks(1234), ConfirmedAt = s_at.AddTicks(1234) };

        Assert.That((rotated.RotatedAt, rotated.ConfirmedAt), Is.EqualTo((s_at, s_at)));
    }

    [Test]
    public void Credentials_equal_each_other_by_what_they_say()
    {
        var rotated = _fresh with { Previous = _hash, RotatedAt = s_at, ConfirmedAt = s_at };

        Assert.That(_fresh with { RotatedAt = s_at, ConfirmedAt = s_at, Previous = _hash }, Is.EqualTo(rotated));
        Assert.That(rotated with { Previous = null, RotatedAt = null, ConfirmedAt = null }, Is.EqualTo(_fresh));
        Assert.That(rotated with { Previous = null }, Is.Not.EqualTo(rotated));
        Assert.That(rotated with { RotatedAt = null }, Is.Not.EqualTo(rotated));
        Assert.That(rotated with { ConfirmedAt = null }, Is.Not.EqualTo(rotated));
    }

    [Test]
    public void A_default_credential_equals_no_other_prints_no_hash_and_opens_to_no_token()
    {
        var nothing = default(SessionCredential);

        Assert.That(nothing, Is.Not.EqualTo(_fresh));
        Assert.That(
            (nothing.Previous, nothing.RotatedAt, nothing.ConfirmedAt),
            Is.EqualTo((_fresh.Previous, _fresh.RotatedAt, _fresh.ConfirmedAt))
        );
        Assert.That($"{nothing}", Is.EqualTo("(redacted)"));
        Assert.That(new RotationRules(new()).Evaluate(nothing, SessionToken.Create(null), s_at), Is.EqualTo(TokenStanding.Wrong));
    }
}
