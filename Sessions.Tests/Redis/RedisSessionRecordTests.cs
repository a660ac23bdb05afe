using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;

namespace Sessions.Tests.Redis;

public sealed class RedisSessionRecordTests
{
    private readonly SampleSessions _samples = new(new ManualTimeProvider(), SeededRandom.Create());

    [Test]
    public void Every_part_of_a_session_comes_back()
    {
        var full = _samples.CreateFull();
        Session[] sessions =
        [
            full,
            _samples.Create(),
            _samples.Create(userKey: null),
            full with
            {
                LastClient = full.Client,
                AuthenticatedAt = null,
                AuthenticationMethod = "",
                Credential = full.Credential with { RotatedAt = null },
            },
            full with
            {
                AuthenticationMethod = null,
                Credential = full.Credential with { Previous = null, ConfirmedAt = null },
            },
            full with
            {
                AuthenticatedAt = null,
                AuthenticationMethod = null,
                IdleTimeout = TimeSpan.Zero,
            },
            full with
            {
                Client = new() { OperatingSystem = "Windows", Browser = "" },
                LastClient = new() { Browser = new('é', 64) },
            },
            full with
            {
                CreatedAt = DateTimeOffset.MinValue,
                EndsAt = Whole(DateTimeOffset.MaxValue),
            },
        ];

        foreach (var session in sessions)
        {
            Assert.That(RedisSessionRecord.Read(session.Id, RedisSessionRecord.Write(session)), Is.EqualTo(session));
        }
    }

    [Test]
    public void A_record_cut_short_is_not_read()
    {
        var session = _samples.CreateFull() with { Values = SessionValues.Empty };
        var record = RedisSessionRecord.Write(session);

        for (var length = 0; length < record.Length; length++)
        {
            Assert.That(RedisSessionRecord.Read(session.Id, record[..length]), Is.Null, $"{length} of {record.Length} bytes");
        }
    }

    [Test]
    public void A_record_of_another_version_is_not_read()
    {
        var session = _samples.CreateFull();
        var record = RedisSessionRecord.Write(session);
        record[0]++;

        Assert.That(RedisSessionRecord.Read(session.Id, record), Is.Null);
    }

    [Test]
    public void Damage_anywhere_makes_another_session_or_none_but_never_a_fault()
    {
        var session = _samples.CreateFull();
        var record = RedisSessionRecord.Write(session);

        for (var at = 0; at < record.Length; at++)
        {
            foreach (byte damage in (byte[])[0x00, 0x01, 0x80, 0xFF])
            {
                var damaged = record.ToArray();
                damaged[at] ^= damage;
                Assert.That(() => RedisSessionRecord.Read(session.Id, damaged), Throws.Nothing, $"byte {at} changed by {damage}");
            }
        }
    }

    private static DateTimeOffset Whole(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
