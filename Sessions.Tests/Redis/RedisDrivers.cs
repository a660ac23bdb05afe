using NUnit.Framework;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>What the oldest driver cannot do; see docs/redis.md.</summary>
internal static class RedisDrivers
{
    private static readonly Version Version = typeof(ConnectionMultiplexer).Assembly.GetName().Version!;

    public static void IgnoreUnlessCallsTimeOut()
    {
        if (Version.Major < 2)
        {
            Assert.Ignore($"StackExchange.Redis {Version} does not limit how long an asynchronous call may take; from 2.0 on it does.");
        }
    }
}
