using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Stores;

public sealed class SessionTouchTests
{
    private static readonly Session Before = FixedSamples.Session() with
    {
        LastSeenAt = FixedSamples.Now,
        ExpiresAt = FixedSamples.Now.AddMinutes(30),
    };

    [Test]
    public void A_touch_moves_last_use_and_expiry_forward() =>
        Assert.That(
            Touch(seen: 60_000, expires: 60_000).ApplyTo(Before),
            Is.EqualTo(Before with { LastSeenAt = FixedSamples.Now.AddMinutes(1), ExpiresAt = FixedSamples.Now.AddMinutes(31) })
        );

    [TestCase(0, 0)]
    [TestCase(-1, 0)]
    [TestCase(0, -1)]
    [TestCase(-1, -1)]
    public void A_touch_never_moves_anything_back(int seen, int expires) =>
        Assert.That(Touch(seen, expires).ApplyTo(Before), Is.SameAs(Before));

    [Test]
    public void Each_instant_moves_on_its_own()
    {
        Assert.That(Touch(1, -1).ApplyTo(Before), Is.EqualTo(Before with { LastSeenAt = FixedSamples.Now.AddMilliseconds(1) }));
        Assert.That(Touch(-1, 1).ApplyTo(Before), Is.EqualTo(Before with { ExpiresAt = Before.ExpiresAt.AddMilliseconds(1) }));
    }

    [Test]
    public void A_fraction_of_a_millisecond_changes_nothing()
    {
        var touch = new SessionTouch
        {
            Id = Before.Id,
            LastSeenAt = Before.LastSeenAt.AddTicks(9_999),
            ExpiresAt = Before.ExpiresAt.AddTicks(9_999),
        };

        Assert.That(touch.ApplyTo(Before), Is.SameAs(Before));
    }

    private static SessionTouch Touch(int seen, int expires) =>
        new()
        {
            Id = Before.Id,
            LastSeenAt = Before.LastSeenAt.AddMilliseconds(seen),
            ExpiresAt = Before.ExpiresAt.AddMilliseconds(expires),
        };
}
