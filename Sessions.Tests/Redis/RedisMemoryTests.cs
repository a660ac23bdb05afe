using System.Globalization;
using System.Net;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

public sealed class RedisMemoryTests
{
    private const int Users = 2_000;
    private const int SessionsPerUser = 10;

    [Test]
    public async Task A_session_takes_at_most_65_hundredths_of_a_hash_of_8_fields_with_a_sorted_set()
    {
        // The same on both sides: address, operating system and browser.
        var ours = await MeasureAsync(CreateSessionsAsync, recordAgentHash: false);
        var theirs = await MeasureAsync(CreateHashesAsync, recordAgentHash: false);
        // What the other layout has no place for.
        var withAgentHash = await MeasureAsync(CreateSessionsAsync, recordAgentHash: true);

        await TestContext.Out.WriteLineAsync(
            $"Bytes a session with its index: {ours:F0}, with the hash of the user agent {withAgentHash:F0}; as a hash of 8 fields {theirs:F0}. Ratio {ours / theirs:F3}"
        );
        Assert.That(ours / theirs, Is.LessThanOrEqualTo(0.65));
    }

    private static async Task<double> MeasureAsync(Func<RedisProcess, IEnumerable<Session>, Task> fill, bool recordAgentHash)
    {
        await using var server = await RedisProcess.StartAsync();
        var samples = new SampleSessions(new ManualTimeProvider(), SeededRandom.Create());
        var sessions = Ordinary(samples, recordAgentHash).ToList();
        // The first calls load scripts and fill buffers, which has nothing to do with how many sessions there are.
        await fill(server, sessions.Take(SessionsPerUser));
        var before = await UsedMemoryAsync(server);
        await fill(server, sessions.Skip(SessionsPerUser));
        return (await UsedMemoryAsync(server) - before) / (double)(sessions.Count - SessionsPerUser);
    }

    private static async Task CreateSessionsAsync(RedisProcess server, IEnumerable<Session> sessions)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        using var store = new RedisSessionStore(new() { Connection = connection });
        foreach (var some in sessions.Chunk(500))
        {
            await Task.WhenAll(some.Select(session => store.CreateAsync(session, null, default).AsTask()));
        }
    }

    // What sessionup's store for Redis writes: a hash of 8 fields for a session, and for a user a sorted set of the keys of his sessions,
    // by nanoseconds.
    private static async Task CreateHashesAsync(RedisProcess server, IEnumerable<Session> sessions)
    {
        await using var wire = await RedisTestClient.ConnectAsync(server.Port);
        foreach (var session in sessions)
        {
            var expires = session.ExpiresAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            var id = Convert.ToHexStringLower(session.Credential.Current.ToArray())[..40];
            var (key, user) = ($"sessions:session:{id}", $"sessions:user:{session.UserKey}");
            await wire.CallAsync("ZADD", user, expires + "123456", key);
            await wire.CallAsync("PEXPIREAT", user, expires);
            await wire.CallAsync([
                .. (string[])["HMSET", key, "created_at", Text(session.CreatedAt), "expires_at", Text(session.ExpiresAt), "id", id],
                .. (string[])["user_key", session.UserKey!, "ip", session.Client.IPAddress!.ToString()],
                .. (string[])["agent_os", session.Client.OperatingSystem!, "agent_browser", session.Client.Browser!, "meta", ""],
            ]);
            await wire.CallAsync("PEXPIREAT", key, expires);
        }
    }

    private static IEnumerable<Session> Ordinary(SampleSessions samples, bool recordAgentHash)
    {
        for (var i = 0; i < Users * SessionsPerUser; i++)
        {
            var client = new ClientInfo
            {
                IPAddress = IPAddress.Parse("203.0.113.7"),
                OperatingSystem = "Windows",
                Browser = "Firefox",
                Device = DeviceKind.Desktop,
                UserAgentHash = recordAgentHash ? samples.NewHash() : null,
            };
            var session = samples.Create($"user-{i / SessionsPerUser}");
            // As a sign-in leaves it.
            yield return session with
            {
                AuthenticatedAt = session.CreatedAt,
                Client = client,
                LastClient = client,
            };
        }
    }

    // To the nanosecond, as Go prints it.
    private static string Text(DateTimeOffset instant) =>
        instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'123456Z'", CultureInfo.InvariantCulture);

    private static async Task<long> UsedMemoryAsync(RedisProcess server)
    {
        var info = (await server.CallAsync("INFO", "memory")).Text!;
        var line = info.Split("\r\n").Single(static line => line.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
