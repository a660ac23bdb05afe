using System.Globalization;
using Sessions.Bench.Places;
using StackExchange.Redis;

namespace Sessions.Bench.Sizes;

/// <summary>
/// The room that a session takes on Redis beside the layout of sessionup's store: a hash of 8 fields for each session, and for each user a
/// sorted set of the keys of their sessions. On both sides stand the same facts: address, operating system and browser.
/// </summary>
internal static class HashLayout
{
    private const string What = "Redis bytes per session, beside a hash of 8 fields with a sorted set, as sessionup keeps it";
    private const double Target = 0.65;
    private const int Sessions = 20_000;
    private const int PerUser = 10;

    public static async Task<Aim> MeasureAsync()
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"at most {Target:0.00} of it");
        if (await MeasureAsync(CreateRecordsAsync) is not { } record || await MeasureAsync(CreateHashesAsync) is not { } hash)
        {
            return Aim.NotMeasured(What, target, StoreKind.Redis.Missing);
        }

        var measured = string.Create(CultureInfo.InvariantCulture, $"{record:0} and {hash:0} bytes, {record / hash:0.00}");
        return new(What, target, measured, record / hash <= Target);
    }

    private static async Task<double?> MeasureAsync(Func<RedisBenchmarkStore, int, int, Task> fill)
    {
        if (await RedisBenchmarkStore.OpenAsync() is not RedisBenchmarkStore opened)
        {
            return null;
        }

        await using var server = opened;
        // The first ones load scripts and fill buffers, which has nothing to do with how many there are.
        await fill(server, 0, PerUser);
        var before = await server.UsedBytesAsync();
        await fill(server, PerUser, Sessions);
        return (await server.UsedBytesAsync() - before) / (double)(Sessions - PerUser);
    }

    private static async Task CreateRecordsAsync(RedisBenchmarkStore server, int begin, int end)
    {
        await using var app = await BenchApp.StartAsync(server);
        for (var number = begin; number < end; number++)
        {
            // The other layout has no place for the hash of the user agent.
            var client = SessionSeeder.Client(number) with
            {
                UserAgentHash = null,
            };
            await app.Manager.InitAsync($"user-{number / PerUser}", new SessionInit { Client = client });
        }
    }

    private static async Task CreateHashesAsync(RedisBenchmarkStore server, int begin, int end)
    {
        var created = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var expires = created + SessionUpOptions.DefaultLifetime;
        for (var number = begin; number < end; number++)
        {
            var client = SessionSeeder.Client(number);
            var id = number.ToString("x40", CultureInfo.InvariantCulture);
            var user = $"user-{number / PerUser}";
            RedisKey key = $"sessions:session:{id}";
            RedisKey index = $"sessions:user:{user}";
            HashEntry[] fields =
            [
                new("created_at", Format(created)),
                new("expires_at", Format(expires)),
                new("id", id),
                new("user_key", user),
                new("ip", client.IPAddress!.ToString()),
                new("agent_os", client.OperatingSystem),
                new("agent_browser", client.Browser),
                new("meta", ""),
            ];
            await server.Database.SortedSetAddAsync(index, key.ToString(), 1e9 * new DateTimeOffset(expires).ToUnixTimeSeconds());
            await server.Database.KeyExpireAsync(index, TimeSpan.FromHours(1));
            await server.Database.HashSetAsync(key, fields);
            await server.Database.KeyExpireAsync(key, TimeSpan.FromHours(1));
        }
    }

    /// <summary>To the nanosecond, as Go prints an instant.</summary>
    private static string Format(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'123456Z'", CultureInfo.InvariantCulture);
}
