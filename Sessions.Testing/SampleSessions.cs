using System.Buffers.Text;
using System.Net;

namespace Sessions.Testing;

/// <summary>Makes valid sessions for tests, with the present of a clock and the chance of a seed.</summary>
public sealed class SampleSessions(TimeProvider time, SeededRandom random)
{
    private const int IdBytes = SessionId.Length * 6 / 8;

    /// <summary>
    /// How long a sample lives when it is not used, unless a test says otherwise: 1 hour. However it is used, it ends 30 days later.
    /// </summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(1);

    /// <summary>An ordinary session that begins now: every optional part is absent.</summary>
    /// <param name="userKey">The owner; null for a visitor.</param>
    /// <param name="lifetime">Until it expires; default <see cref="Lifetime"/>.</param>
    public Session Create(string? userKey = "ann", TimeSpan? lifetime = null)
    {
        var now = Now();
        var expires = now + (lifetime ?? Lifetime);
        return new()
        {
            Id = NewId(userKey),
            UserKey = userKey,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = expires,
            EndsAt = expires.AddDays(30),
            Credential = new() { Lineage = NewHash(), Current = NewHash() },
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
            HasCustomLifetime = true,
            IsPersistent = true,
            IsBearer = true,
            AuthenticatedAt = session.CreatedAt.AddMilliseconds(-11),
            AuthenticationMethod = "pwd otp",
            Client = NewClient() with { IPAddress = IPAddress.Parse("203.0.113.7"), Device = DeviceKind.Desktop },
            LastClient = NewClient() with { IPAddress = IPAddress.Parse("2001:db8::7:5"), Device = DeviceKind.Tablet },
            Values = SessionValues.From([new("cart", """[{"id":7}]"""), new("theme", "dark"), new("empty", "")]),
            Tags = [NewTag(), NewTag(), new() { Name = "oidc.sid", Value = "08a5019c-17e1-4977-8f42-65a12843ea02" }],
            Credential = NewCredential(session.CreatedAt),
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

    /// <summary>The credential that a rotation makes of another one.</summary>
    public SessionCredential Rotate(SessionCredential credential) =>
        credential with
        {
            Current = NewHash(),
            Previous = credential.Current,
            Salt = NewSalt(),
            Generation = credential.Generation + 1,
            RotationKind = RotationKind.Rotation,
            RotatedAt = Now(),
            DeliveredAt = null,
            ConfirmedAt = null,
            PreviousConfirmedAt = credential.ConfirmedAt,
        };

    /// <summary>Some tag that no other session has.</summary>
    public SessionTag NewTag() => new() { Name = "sample", Value = $"{random.Next(int.MaxValue)}-{random.Next(int.MaxValue)}" };

    /// <summary>Some salt.</summary>
    public CredentialSalt NewSalt()
    {
        Span<byte> salt = stackalloc byte[CredentialSalt.Size];
        random.Fill(salt);
        return new CredentialSalt(salt);
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

    /// <summary>A credential in which every part is present and no two parts are equal.</summary>
    private SessionCredential NewCredential(DateTimeOffset createdAt) =>
        new()
        {
            Lineage = NewHash(),
            Current = NewHash(),
            Generation = 70_007,
            Previous = NewHash(),
            Salt = NewSalt(),
            RotationKind = RotationKind.Reauthentication,
            RotatedAt = createdAt.AddMilliseconds(13),
            DeliveredAt = createdAt.AddMilliseconds(15),
            ConfirmedAt = createdAt.AddMilliseconds(17),
            PreviousConfirmedAt = createdAt.AddMilliseconds(-19),
            OlderAnchor = new() { Generation = 69_001, At = createdAt.AddMilliseconds(-23) },
            YoungerAnchor = new() { Generation = 70_005, At = createdAt.AddMilliseconds(-21) },
            PreviousPrivileges = new()
            {
                AuthenticatedAt = createdAt.AddMilliseconds(-29),
                AuthenticationMethod = "pwd",
                EndsAt = createdAt.AddDays(13),
            },
        };

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
