using System.Reflection;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>The driver that the tests run with.</summary>
internal static class RedisDriver
{
    public static string Version { get; } =
        typeof(ConnectionMultiplexer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[
            0
        ];
}
