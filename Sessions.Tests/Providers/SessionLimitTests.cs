using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Providers;

public sealed class SessionLimitTests
{
    private readonly Session[] _others;

    public SessionLimitTests()
    {
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        _others = [samples.Create(), samples.Create(), samples.Create()];
    }

    [TestCase(1, 3)]
    [TestCase(2, 2)]
    [TestCase(3, 1)]
    [TestCase(4, 0)]
    [TestCase(9, 0)]
    public void The_oldest_make_room_for_the_new_one(int max, int evicted) =>
        Assert.That(CreateLimit(max, SessionLimitPolicy.EndOldest).GetEvicted(_others), Is.EqualTo(_others[..evicted]));

    [Test]
    public void A_limit_that_refuses_throws_when_it_is_reached_and_names_itself()
    {
        var limit = CreateLimit(3, SessionLimitPolicy.Refuse);

        Assert.That(
            () => limit.GetEvicted(_others),
            Throws.TypeOf<SessionLimitException>().With.Property(nameof(SessionLimitException.Limit)).SameAs(limit)
        );
        Assert.That(limit.GetEvicted(_others[1..]), Is.Empty);
    }

    private static SessionLimit CreateLimit(int max, SessionLimitPolicy policy) => new() { Max = max, Policy = policy };
}
