using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores.Providers;

public sealed class SessionOrderTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    [Test]
    public void The_earliest_created_is_first_and_of_equal_ones_the_smallest_id()
    {
        var first = _samples.Create();
        var (second, third) = Pair(_samples.Create() with { CreatedAt = first.CreatedAt.AddMilliseconds(1) });
        List<Session> sessions = [third, first, second];

        sessions.Sort(SessionOrder.OldestFirst);

        Assert.That(sessions, Is.EqualTo([first, second, third]));
    }

    [Test]
    public void What_has_expired_is_left_out_of_a_list_and_the_rest_is_oldest_first()
    {
        var first = _samples.Create();
        var second = _samples.Create() with
        {
            CreatedAt = first.CreatedAt.AddMilliseconds(1),
            ExpiresAt = first.ExpiresAt.AddMilliseconds(1),
        };

        Assert.That(new[] { second, first }.ToLiveList(first.CreatedAt), Is.EqualTo([first, second]));
        Assert.That(new[] { second, first }.ToLiveList(first.ExpiresAt), Is.EqualTo([second]));
    }

    [Test]
    public void From_the_instant_of_its_expiry_a_session_is_none()
    {
        var session = _samples.Create();

        Assert.That(session.IfLive(session.ExpiresAt.AddMilliseconds(-1)), Is.SameAs(session));
        Assert.That(session.IfLive(session.ExpiresAt), Is.Null);
        Assert.That(((Session?)null).IfLive(session.CreatedAt), Is.Null);
    }

    private (Session Smaller, Session Bigger) Pair(Session one)
    {
        var other = one with { Id = _samples.NewId(one.UserKey) };
        return one.Id.CompareTo(other.Id) < 0 ? (one, other) : (other, one);
    }
}
