using System.Buffers.Text;
using System.Net;

namespace Sessions.Testing;

/// <summary>Makes valid sessions for tests, with the present of a clock and the chance of a seed.</summary>
public sealed class SampleSessions(TimeProvider time, SeededRandom random)
{
    private const int IdBytes = SessionId.Length * 6 / 8;

    /// <summary>How long a sample lives unless a test says otherwise: 1 hour.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>An ordinary session that begins now: every optional part is absent.</summary>
    /// <param name="userKey">The owner; null for a visitor.</param>
    /// <param name="lifetime">Until it expires and ends; default <see cref="Lifetime"/>.</param>
    public Session Create(string? userKey = "ann", TimeSpan? lifetime = null)
    {
        var now = Now();
        var end = now + (lifetime ?? Lifetime);
        return new()
        {
            Id = NewId(userKey),
            UserKey = userKey,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = end,
            EndsAt = end,
            Credential = new() { Lineage = NewHash(), Secret = NewHash() },
        };
    }

    /// <summary>A session in which every part is present and no two parts are equal.</summary>
    /// <param name="userKey">The owner; null for a visitor.</param>
    public Session CreateFull(string? userKey = "ann")
    {
        var session = Create(userKey);
        return session with
        {
            LastSeenAt = session.CreatedAt.AddMilliseconds(1),
            ExpiresAt = session.CreatedAt.AddMinutes(30).AddMilliseconds(3),
            EndsAt = session.CreatedAt.AddDays(14).AddMilliseconds(7),
            IdleTimeout = TimeSpan.FromMilliseconds(1_800_003),
            IsPersistent = true,
            AuthenticatedAt = session.CreatedAt.AddMilliseconds(-11),
            AuthenticationMethod = "pwd otp",
            Client = NewClient() with { IPAddress = IPAddress.Parse("203.0.113.7"), Device = DeviceKind.Desktop },
            LastClient = NewClient() with { IPAddress = IPAddress.Parse("2001:db8::7:5"), Device = DeviceKind.Tablet },
            Values = SessionValues.From([new("cart", """[{"id":7}]"""), new("theme", "dark"), new("empty", "")]),
            Credential = session.Credential with
            {
                Previous = NewHash(),
                RotatedAt = session.CreatedAt.AddMilliseconds(13),
                ConfirmedAt = session.CreatedAt.AddMilliseconds(17),
            },
        };
    }

    /// <summary>An id as the SDK makes one, with the shard of its user.</summary>
    public SessionId NewId(string? userKey)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        random.Fill(bytes);
        var text = Base64Url.EncodeToString(bytes);

        // Stores may count on the shard to keep one user's records together, so samples have it too.
        return SessionId.Parse(userKey is null ? text : SessionId.ComputeShard(userKey) + text[SessionId.ShardLength..]);
    }

    /// <summary>The hash of some secret.</summary>
    public Sha256Hash NewHash()
    {
        Span<byte> secret = stackalloc byte[24];
        random.Fill(secret);
        return Sha256Hash.Compute(secret);
    }

    /// <summary>Some client, of which everything is known.</summary>
    public ClientInfo NewClient() =>
        new()
        {
            IPAddress = new IPAddress([192, 0, 2, (byte)random.Next(256)]),
            OperatingSystem = $"Plan {random.Next(1_000_000)}",
            Browser = $"Mosaic {random.Next(1_000_000)}",
            Device = DeviceKind.Mobile,
            UserAgentHash = NewHash(),
        };

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
