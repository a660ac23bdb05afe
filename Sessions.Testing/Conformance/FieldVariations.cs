using System.Net;

namespace Sessions.Testing;

/// <summary>A full session with one part changed to a value that a store may lose, by name.</summary>
internal static class FieldVariations
{
    private static readonly DateTimeOffset s_maxInstant = DateTimeOffset.FromUnixTimeMilliseconds(
        DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
    );

    private static readonly Dictionary<string, Func<Session, SampleSessions, Session>> s_all = new(StringComparer.Ordinal)
    {
        ["nothing"] = (session, _) => session,
        ["every optional part absent"] = (_, samples) => samples.Create(),
        ["no user"] = (session, _) => session with { UserKey = null },
        ["the longest user key"] = (_, samples) => samples.CreateFull(new string('k', 512)),
        ["the longest user key in four-byte characters"] = (_, samples) => samples.CreateFull(string.Concat(Enumerable.Repeat("😀", 128))),
        ["created at the epoch"] = (session, _) => session with { CreatedAt = DateTimeOffset.UnixEpoch },
        ["created in another time zone"] = (session, _) => session with { CreatedAt = session.CreatedAt.ToOffset(TimeSpan.FromHours(9)) },
        ["last seen at the epoch"] = (session, _) => session with { LastSeenAt = DateTimeOffset.UnixEpoch },
        ["last seen a millisecond later"] = (session, _) => session with { LastSeenAt = session.LastSeenAt.AddMilliseconds(1) },
        ["expires a millisecond later"] = (session, _) => session with { ExpiresAt = session.ExpiresAt.AddMilliseconds(1) },
        ["never ends"] = (session, _) => session with { ExpiresAt = s_maxInstant, EndsAt = s_maxInstant },
        ["ends a millisecond later"] = (session, _) => session with { EndsAt = session.EndsAt.AddMilliseconds(1) },
        ["no idle timeout"] = (session, _) => session with { IdleTimeout = null },
        ["idle timeout of a millisecond"] = (session, _) => session with { IdleTimeout = TimeSpan.FromMilliseconds(1) },
        ["idle timeout of a year"] = (session, _) => session with { IdleTimeout = TimeSpan.FromDays(365) },
        ["not persistent"] = (session, _) => session with { IsPersistent = false },
        ["never authenticated"] = (session, _) => session with { AuthenticatedAt = null },
        ["authenticated at the epoch"] = (session, _) => session with { AuthenticatedAt = DateTimeOffset.UnixEpoch },
        ["no method"] = (session, _) => session with { AuthenticationMethod = null },
        ["empty method"] = (session, _) => session with { AuthenticationMethod = "" },
        ["no values"] = (session, _) => session with { Values = SessionValues.Empty },
        ["unknown client"] = (session, _) => session with { Client = ClientInfo.Unknown },
        ["unknown last client"] = (session, _) => session with { LastClient = ClientInfo.Unknown },
        ["lifetime of the options"] = (session, _) => session with { HasCustomLifetime = false },
        ["no bearer session"] = (session, _) => session with { IsBearer = false },
        ["no tags"] = (session, _) => session with { Tags = [] },
        ["one tag"] = (session, _) => session with { Tags = [new() { Name = "a", Value = "1" }] },
        ["two tags of one name"] = (session, _) =>
            session with
            {
                Tags = [new() { Name = "a", Value = "1" }, new() { Name = "a", Value = "2" }],
            },
        ["eight of the longest tags"] = (session, _) =>
            session with
            {
                Tags = SessionTags.Create(
                    Enumerable.Range(0, 8).Select(i => new SessionTag { Name = new('z', 64), Value = $"{new string('é', 255)}{i}" })
                ),
            },
    };

    private static readonly Dictionary<string, Func<ClientInfo, ClientInfo>> s_clients = new(StringComparer.Ordinal)
    {
        ["no address"] = client => client with { IPAddress = null },
        ["IPv4 0.0.0.0"] = client => client with { IPAddress = IPAddress.Any },
        ["IPv4 255.255.255.255"] = client => client with { IPAddress = IPAddress.Broadcast },
        ["IPv4 mapped to IPv6"] = client => client with { IPAddress = IPAddress.Parse("::ffff:198.51.100.9") },
        ["IPv6 ::"] = client => client with { IPAddress = IPAddress.IPv6Any },
        ["IPv6 ::1"] = client => client with { IPAddress = IPAddress.IPv6Loopback },
        ["IPv6 that ends in an IPv4 address"] = client => client with { IPAddress = IPAddress.Parse("64:ff9b::198.51.100.9") },
        ["IPv6 of all bits"] = client => client with { IPAddress = IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") },
        ["no operating system"] = client => client with { OperatingSystem = null },
        ["empty operating system"] = client => client with { OperatingSystem = "" },
        ["long operating system"] = client => client with { OperatingSystem = new string('é', 64) },
        ["no browser"] = client => client with { Browser = null },
        ["empty browser"] = client => client with { Browser = "" },
        ["long browser"] = client => client with { Browser = string.Concat(Enumerable.Repeat("😀", 32)) },
        ["no user agent"] = client => client with { UserAgentHash = null },
        ["user agent hash of zeros"] = client => client with { UserAgentHash = new Sha256Hash(new byte[Sha256Hash.Size]) },
    };

    public static IEnumerable<string> Names => [.. s_all.Keys, .. CredentialVariations.Names];

    public static IEnumerable<string> Clients => [.. s_clients.Keys, .. Enum.GetNames<DeviceKind>().Select(kind => $"device {kind}")];

    public static Session Create(string name, SampleSessions samples)
    {
        var session = samples.CreateFull();
        return s_all.TryGetValue(name, out var vary)
            ? vary(session, samples)
            : session with
            {
                Credential = CredentialVariations.Create(name, session.Credential, samples),
            };
    }

    public static ClientInfo CreateClient(string name, SampleSessions samples) =>
        s_clients.TryGetValue(name, out var vary)
            ? vary(samples.NewClient())
            : samples.NewClient() with
            {
                Device = Enum.Parse<DeviceKind>(name["device ".Length..]),
            };
}
