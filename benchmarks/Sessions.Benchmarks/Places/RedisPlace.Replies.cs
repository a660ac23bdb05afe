using StackExchange.Redis;

namespace Sessions.Bench.Places;

/// <content>Where replies are read.</content>
internal sealed partial class RedisPlace
{
    // As the store does: a yardstick that is longer than need be would make what is measured look shorter.
    static partial void ReadOnThreadPool(ConfigurationOptions configuration) => configuration.SocketManager = SocketManager.ThreadPool;
}
