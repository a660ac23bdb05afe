namespace Sessions.Tests.Redis;

/// <summary>Prefixes that keep tests on a shared server apart, also tests of several runs at once.</summary>
internal static class RedisTestPrefix
{
    private static int _count;

    public static string Next() => $"test:{Environment.ProcessId}:{Interlocked.Increment(ref _count)}:";
}
