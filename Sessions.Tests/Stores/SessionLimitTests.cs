using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Stores;

public sealed class SessionLimitTests
{
    private readonly Session _newcomer;
    private readonly Session[] _others;

    public SessionLimitTests()
    {
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        _newcomer = samples.Create();
        var now = _newcomer.CreatedAt;

        // From the least recently used to the most recently used one; of the last two, which were used at the same instant, the first was
        // created earlier.
        _others =
        [
            samples.Create() with
            {
                LastSeenAt = now.AddMinutes(-9),
                CreatedAt = now,
            },
            samples.Create() with
            {
                LastSeenAt = now.AddMinutes(-5),
                CreatedAt = now.AddHours(-3),
            },
            samples.Create() with
            {
                LastSeenAt = now.AddMinutes(-5),
                CreatedAt = now.AddHours(-2),
            },
        ];
    }

    [TestCase(1, 3)]
    [TestCase(2, 2)]
    [TestCase(3, 1)]
    [TestCase(4, 0)]
    [TestCase(9, 0)]
    public void The_least_recently_used_make_room_for_the_new_one(int max, int evicted) =>
        Assert.That(new SessionLimit { Max = max }.GetEvicted(_newcomer, _others.Reverse()), Is.EqualTo(_others[..evicted]));

    [Test]
    public void A_limit_that_refuses_throws_when_it_is_reached_and_names_itself()
    {
        var limit = new SessionLimit { Max = 3, Policy = SessionLimitPolicy.Refuse };

        Assert.That(
            () => limit.GetEvicted(_newcomer, _others),
            Throws.TypeOf<SessionLimitException>().With.Property(nameof(SessionLimitException.Limit)).SameAs(limit)
        );
        Assert.That(limit.GetEvicted(_newcomer, _others[1..]), Is.Empty);
    }

    [Test]
    public void Bearer_sessions_and_others_are_counted_apart()
    {
        Session[] mixed = [_others[0] with { IsBearer = true }, _others[1], _others[2] with { IsBearer = true }];
        var limit = new SessionLimit { Max = 2 };

        Assert.That(limit.GetEvicted(_newcomer, mixed), Is.Empty);
        Assert.That(limit.GetEvicted(_newcomer with { IsBearer = true }, mixed), Is.EqualTo(mixed[..1]));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_limit_is_at_least_1(int max) =>
        Assert.That(() => new SessionLimit { Max = max }, Throws.TypeOf<ArgumentOutOfRangeException>());
}
