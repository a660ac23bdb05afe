using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores.Records;

public sealed class SessionRecordTests
{
    private const string Guid = "0f8fad5b-d9cb-469f-a165-70867728950e";

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
            _samples.Create(Guid) with
            {
                AuthenticatedAt = _samples.Create().CreatedAt,
            },
            _samples.Create(Guid.ToUpperInvariant()),
            _samples.Create(Guid.Replace('-', '_')),
            _samples.Create(new('k', 254)),
            _samples.Create(new('k', 255)),
            _samples.Create(new('k', 512)),
            full with
            {
                UserKey = null,
                AuthenticatedAt = full.CreatedAt,
                AuthenticationMethod = null,
            },
            full with
            {
                AuthenticatedAt = full.CreatedAt,
                AuthenticationMethod = new('m', 128),
            },
            full with
            {
                Client = ClientInfo.Unknown,
            },
            full with
            {
                LastClient = ClientInfo.Unknown,
            },
            full with
            {
                Client = new()
                {
                    OperatingSystem = new('o', 128),
                    Browser = new('b', 128),
                    Device = (DeviceKind)7,
                    IPAddress = System.Net.IPAddress.IPv6Loopback,
                    UserAgentHash = _samples.NewHash(),
                },
            },
            full with
            {
                Values = SessionValues.From([new("", new('v', 254)), new(new('k', 255), new('v', 60_000))]),
            },
        ];

        foreach (var session in sessions)
        {
            Assert.That(SessionRecord.Read(session.Id, SessionRecord.Write(session)), Is.EqualTo(session));
        }
    }

    [TestCase("0f8fad5b-d9cb-469f-a165-70867728950e", true, 160)]
    [TestCase("105284329810213434567", true, 192)]
    [TestCase("10528432981021343", true, 160)]
    [TestCase("0f8fad5b-d9cb-469f-a165-70867728950e", false, 128)]
    [TestCase("105284329810213434567", false, 128)]
    public void An_ordinary_record_fits_into_a_block_of_Redis_that_is_not_the_next_larger_one(string userKey, bool recordClient, int block)
    {
        // What a server needs beside the bytes of a text.
        const int Header = 4;
        var client = new ClientInfo
        {
            IPAddress = System.Net.IPAddress.Parse("203.0.113.7"),
            OperatingSystem = "Windows",
            Browser = "Firefox",
            Device = DeviceKind.Desktop,
            UserAgentHash = _samples.NewHash(),
        };
        var session = _samples.Create(userKey);
        session = session with { AuthenticatedAt = session.CreatedAt };
        session = recordClient ? session with { Client = client, LastClient = client } : session;

        Assert.That(SessionRecord.Write(session), Has.Length.LessThanOrEqualTo(block - Header));
    }

    [Test]
    public void A_last_use_and_an_expiry_that_are_kept_beside_the_record_count_instead_of_those_in_it()
    {
        var session = _samples.CreateFull();
        var touched = new SessionTouch
        {
            Id = session.Id,
            LastSeenAt = session.LastSeenAt.AddMinutes(1),
            ExpiresAt = session.ExpiresAt.AddMinutes(-1),
        };

        var read = SessionRecord.Read(touched, SessionRecord.Write(session));

        Assert.That(read, Is.EqualTo(session with { LastSeenAt = touched.LastSeenAt, ExpiresAt = touched.ExpiresAt }));
    }

    [Test]
    public void A_record_cut_short_is_not_read_unless_it_is_cut_between_two_sections()
    {
        var session = _samples.CreateFull();
        var record = SessionRecord.Write(session);

        var readable = Enumerable.Range(0, record.Length).Where(length => IsRead(session.Id, record[..length])).ToArray();

        // Behind the credential come client, last client, authentication, idle timeout, tags and values.
        Assert.That(readable, Has.Length.EqualTo(6));
    }

    [Test]
    public void A_marker_is_found_until_two_minutes_after_the_end_of_its_session()
    {
        var session = _samples.Create();
        var endedAt = session.CreatedAt.AddMilliseconds(7);
        var record = SessionRecord.WriteMarker(SessionMarker.Replaced, endedAt);
        var until = endedAt + SessionMarkerLifetime.Duration;

        Assert.That(SessionRecord.IsMarker(record), Is.True);
        Assert.That(SessionRecord.IsMarker(SessionRecord.Write(session)), Is.False);
        Assert.That(SessionRecord.Read(session.Id, record), Is.Null);
        Assert.That(
            SessionRecord.ReadLookup(session.Id, record, until.AddMilliseconds(-1)),
            Is.EqualTo(new SessionLookup { Marker = SessionMarker.Replaced })
        );
        Assert.That(SessionRecord.ReadLookup(session.Id, record, until), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public void A_lookup_finds_a_session_until_the_instant_of_its_expiry()
    {
        var session = _samples.CreateFull();
        var record = SessionRecord.Write(session);

        Assert.That(
            SessionRecord.ReadLookup(session.Id, record, session.ExpiresAt.AddMilliseconds(-1)),
            Is.EqualTo(SessionLookup.FromSession(session))
        );
        Assert.That(SessionRecord.ReadLookup(session.Id, record, session.ExpiresAt), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public void Damage_anywhere_makes_another_session_or_is_said_to_be_one()
    {
        var session = _samples.CreateFull();
        var record = SessionRecord.Write(session);

        for (var at = 0; at < record.Length; at++)
        {
            foreach (byte damage in (byte[])[0x00, 0x01, 0x80, 0xFF])
            {
                var damaged = record.ToArray();
                damaged[at] ^= damage;
                Assert.That(() => TryRead(session.Id, damaged), Throws.Nothing, $"byte {at} changed by {damage}");
            }
        }
    }

    private static bool IsRead(SessionId id, byte[] record)
    {
        try
        {
            return SessionRecord.Read(id, record) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool TryRead(SessionId id, byte[] record)
    {
        try
        {
            return SessionRecord.Read(id, record)?.Id == id;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static DateTimeOffset Whole(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
