using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Where replies are read.</content>
internal sealed partial class RedisConnection
{
    /// <summary>
    /// On the thread pool, where the requests that wait for them go on anyway: the driver's own threads would make it one switch of threads more for every reply. An application that said
    /// otherwise has its reasons.
    /// </summary>
    static partial void ReadOnThreadPool(ConfigurationOptions configuration) => configuration.SocketManager ??= SocketManager.ThreadPool;
}
