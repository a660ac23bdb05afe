using System.Net;
using NUnit.Framework;

namespace Sessions.Tests.Lifecycle;

public sealed class SessionTests
{
    [Test]
    public void Instants_are_cut_to_whole_milliseconds_in_UTC()
    {
        var given = new DateTimeOffset(2026, 3, 29, 3, 30, 0, 125, TimeSpan.FromHours(2)).AddTicks(9_999);
        var session = FixedSamples.Session() with
        {
            CreatedAt = given,
            LastSeenAt = given,
            ExpiresAt = given,
            EndsAt = given,
            AuthenticatedAt = given,
            Credential = FixedSamples.Session().Credential with { RotatedAt = given, ConfirmedAt = given },
        };
        DateTimeOffset?[] held =
        [
            session.CreatedAt,
            session.LastSeenAt,
            session.ExpiresAt,
            session.EndsAt,
            session.AuthenticatedAt,
            session.Credential.RotatedAt,
            session.Credential.ConfirmedAt,
        ];

        Assert.That(held.Select(instant => instant!.Value.UtcTicks), Is.All.EqualTo(FixedSamples.Now.UtcTicks));
        Assert.That(held.Select(instant => instant!.Value.Offset), Is.All.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Instants_before_1970_are_cut_backwards_too()
    {
        var given = DateTimeOffset.UnixEpoch.AddTicks(-1);

        Assert.That(
            (FixedSamples.Session() with { CreatedAt = given }).CreatedAt,
            Is.EqualTo(DateTimeOffset.UnixEpoch.AddMilliseconds(-1))
        );
    }

    [Test]
    public void A_session_takes_208_bytes_whatever_it_says()
    {
        var session = FixedSamples.Session() with { IsPersistent = false };
        _ = session with { IsPersistent = true };

        // The runtime lays fields out in the order of their declaration, and a flag behind the wrong one takes eight bytes.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var copy = session with { IsPersistent = true };
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(bytes, Is.EqualTo(208));
        GC.KeepAlive(copy);
    }

    [Test]
    public void The_first_and_the_last_instant_can_be_held()
    {
        var session = FixedSamples.Session() with { CreatedAt = DateTimeOffset.MinValue, EndsAt = DateTimeOffset.MaxValue };

        Assert.That(session.CreatedAt, Is.EqualTo(DateTimeOffset.MinValue));
        Assert.That(session.EndsAt, Is.EqualTo(DateTimeOffset.MaxValue.AddTicks(-9_999)));
    }

    [Test]
    public void What_is_optional_may_be_absent()
    {
        var session = FixedSamples.Session() with
        {
            IdleTimeout = null,
            AuthenticatedAt = null,
            AuthenticationMethod = null,
            UserKey = null,
        };

        Assert.That(session.IdleTimeout, Is.Null);
        Assert.That(session.AuthenticatedAt, Is.Null);
        Assert.That(session.AuthenticationMethod, Is.Null);
        Assert.That(session.UserKey, Is.Null);
    }

    [Test]
    public void An_idle_timeout_is_cut_to_whole_milliseconds() =>
        Assert.That(
            (FixedSamples.Session() with { IdleTimeout = TimeSpan.FromMilliseconds(1_500) + TimeSpan.FromTicks(9_999) }).IdleTimeout,
            Is.EqualTo(TimeSpan.FromMilliseconds(1_500))
        );

    [Test]
    public void At_the_instant_of_its_expiry_a_session_has_expired()
    {
        var session = FixedSamples.Session() with { ExpiresAt = FixedSamples.Now };

        Assert.That(session.IsExpired(FixedSamples.Now.AddTicks(-1)), Is.False);
        Assert.That(session.IsExpired(FixedSamples.Now), Is.True);
        Assert.That(session.IsExpired(FixedSamples.Now.AddTicks(1)), Is.True);
    }

    [TestCase('x', 0)]
    [TestCase('x', 513)]
    [TestCase('é', 257)]
    [TestCase('\0', 1)]
    [TestCase('\ud800', 1)]
    public void What_not_every_backend_can_store_is_no_user_key(char character, int count) =>
        Assert.That(() => FixedSamples.Session() with { UserKey = new string(character, count) }, Throws.ArgumentException);

    [TestCase('x', 1)]
    [TestCase('x', 512)]
    [TestCase('é', 256)]
    public void A_user_key_has_1_to_512_bytes_of_UTF_8(char character, int count)
    {
        var userKey = new string(character, count);

        Assert.That((FixedSamples.Session() with { UserKey = userKey }).UserKey, Is.EqualTo(userKey));
    }

    [Test]
    public void An_authentication_method_has_at_most_128_bytes() =>
        Assert.That(() => FixedSamples.Session() with { AuthenticationMethod = new string('x', 129) }, Throws.ArgumentException);

    [Test]
    public void Sessions_are_equal_by_value()
    {
        var (one, other) = (FixedSamples.Session(), FixedSamples.Session());

        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
    }

    [Test]
    public void Sessions_differ_when_any_part_does()
    {
        var session = FixedSamples.Session();
        Session[] others =
        [
            session with
            {
                Id = SessionId.Create("ann"),
            },
            session with
            {
                UserKey = "Ann",
            },
            session with
            {
                CreatedAt = session.CreatedAt.AddMilliseconds(1),
            },
            session with
            {
                LastSeenAt = session.LastSeenAt.AddMilliseconds(1),
            },
            session with
            {
                ExpiresAt = session.ExpiresAt.AddMilliseconds(1),
            },
            session with
            {
                EndsAt = session.EndsAt.AddMilliseconds(1),
            },
            session with
            {
                IdleTimeout = null,
            },
            session with
            {
                IsPersistent = false,
            },
            session with
            {
                AuthenticatedAt = null,
            },
            session with
            {
                AuthenticationMethod = "pwd",
            },
            session with
            {
                Client = session.Client with { IPAddress = IPAddress.Loopback },
            },
            session with
            {
                LastClient = ClientInfo.Unknown,
            },
            session with
            {
                Values = session.Values.Set("theme", "light"),
            },
            session with
            {
                Tags = [],
            },
            session with
            {
                IsBearer = false,
            },
            session with
            {
                HasCustomLifetime = false,
            },
            session with
            {
                Credential = session.Credential with { Salt = null },
            },
            session with
            {
                Credential = session.Credential with { Lineage = FixedSamples.Hash("x") },
            },
            session with
            {
                Credential = session.Credential with { Current = FixedSamples.Hash("x") },
            },
            session with
            {
                Credential = session.Credential with { Previous = null },
            },
            session with
            {
                Credential = session.Credential with { RotatedAt = null },
            },
            session with
            {
                Credential = session.Credential with { ConfirmedAt = null },
            },
        ];

        Assert.That(others, Has.None.EqualTo(session));
    }
}
