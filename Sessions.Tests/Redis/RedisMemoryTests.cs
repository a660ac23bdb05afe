using System.Globalization;
using System.Net;
using NUnit.Framework;
using Sessions.Clients;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

public sealed class RedisMemoryTests
{
    private const int Users = 2_000;
    private const int SessionsPerUser = 10;

    [Test]
    public async Task A_session_takes_at_most_65_hundredths_of_a_hash_of_8_fields_with_a_sorted_set()
    {
        var ours = await MeasureAsync(CreateSessionsAsync);
        var theirs = await MeasureAsync(CreateHashesAsync);

        await TestContext.Out.WriteLineAsync($"{ours:F0} bytes a session with its index; as a hash {theirs:F0}; ratio {ours / theirs:F2}");
        Assert.That(ours / theirs, Is.LessThanOrEqualTo(0.65));
    }

    private static async Task<double> MeasureAsync(Func<RedisProcess, Task> fill)
    {
        await using var server = await RedisProcess.StartAsync();
        var before = await UsedMemoryAsync(server);
        await fill(server);
        return (await UsedMemoryAsync(server) - before) / (double)(Users * SessionsPerUser);
    }

    private static async Task CreateSessionsAsync(RedisProcess server)
    {
        var clock = new ManualTimeProvider();
        var samples = new SampleSessions(clock, SeededRandom.Create());
        using var store = new RedisSessionStore(await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(server.Endpoint), clock);
        foreach (var session in Ordinary(samples).Chunk(500))
        {
            await Task.WhenAll(session.Select(one => store.CreateAsync(one, null, default).AsTask()));
        }
    }

    // The layout of sessionup's store for Redis: a hash of 8 fields a session, and a sorted set of ids a user.
    private static async Task CreateHashesAsync(RedisProcess server)
    {
        var samples = new SampleSessions(new ManualTimeProvider(), SeededRandom.Create());
        await using var wire = await RedisWire.ConnectAsync(server.Port);
        foreach (var session in Ordinary(samples))
        {
            var expires = session.ExpiresAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            // 40 random letters and digits, as sessionup makes its ids.
            var id = Convert.ToHexStringLower(samples.NewHash().ToArray())[..40];
            await wire.CallAsync(
                [
                    .. (string[])["HSET", $"sessions:session:{id}", "created_at", session.CreatedAt.ToString("O", CultureInfo.InvariantCulture)],
                    .. (string[])["expires_at", session.ExpiresAt.ToString("O", CultureInfo.InvariantCulture), "id", id],
                    .. (string[])["user_key", session.UserKey!, "ip", "203.0.113.7", "agent_os", "Windows", "agent_browser", "Firefox", "meta", ""],
                ]
            );
            await wire.CallAsync("PEXPIREAT", $"sessions:session:{id}", expires);
            await wire.CallAsync("ZADD", $"sessions:user:{session.UserKey}", expires, id);
            await wire.CallAsync("PEXPIREAT", $"sessions:user:{session.UserKey}", expires);
        }
    }

    private static IEnumerable<Session> Ordinary(SampleSessions samples) =>
        Enumerable
            .Range(0, Users * SessionsPerUser)
            .Select(i =>
                samples.Create($"user-{i / SessionsPerUser}") with
                {
                    Client = Client(samples),
                    LastClient = Client(samples),
                }
            )
            .Select(static session => session with { LastClient = session.Client });

    private static ClientInfo Client(SampleSessions samples) =>
        new()
        {
            IPAddress = IPAddress.Parse("203.0.113.7"),
            OperatingSystem = "Windows",
            Browser = "Firefox",
            Device = DeviceKind.Desktop,
            UserAgentHash = samples.NewHash(),
        };

    private static async Task<long> UsedMemoryAsync(RedisProcess server)
    {
        var info = (await server.CallAsync("INFO", "memory")).Text!;
        var line = info.Split("\r\n").Single(static line => line.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
