using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Life;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <summary>A prefix of its own on the shared server for each test.</summary>
public class RedisBackend : SessionStoreBackend
{
    private readonly RedisTestStores _stores;

    public RedisBackend()
        : this(TestServers.Redis) { }

    private protected RedisBackend(SharedServer server)
    {
        _stores = new(server);
    }

    // SCAN returns keys in the order of their hashes.
    public override bool HasOrderedPages => false;

    public override int RaceRounds => 100;

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => await _stores.CreateAsync(time);

    public override async ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => await _stores.CreateAsync(time);

    public override async ValueTask CleanUpAsync() => await _stores.CleanUpAsync();
}

/// <summary>The same in a container.</summary>
public sealed class RedisInContainerBackend() : RedisBackend(TestServers.RedisContainer)
{
    // The races themselves are the same as with a process; what may differ is the server.
    public override int RaceRounds => 50;
}

/// <summary>The shared cluster, which ends with the run and is not cleaned up before.</summary>
public sealed class RedisClusterBackend : SessionStoreBackend
{
    private readonly RedisTestStores _stores = new();

    public override bool HasOrderedPages => false;

    public override int RaceRounds => 50;

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) =>
        _stores.Create((await TestServers.RedisClusterAsync()).Configuration, time);

    public override async ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => await CreateStoreAsync(time);
}

public sealed class RedisConformanceTests : SessionStoreConformanceTests<RedisBackend>;

public sealed class RedisInContainerConformanceTests : SessionStoreConformanceTests<RedisInContainerBackend>;

public sealed class RedisClusterConformanceTests : SessionStoreConformanceTests<RedisClusterBackend>;

public sealed class RedisRaceTests : SessionStoreRaceTests<RedisBackend>;

public sealed class RedisInContainerRaceTests : SessionStoreRaceTests<RedisInContainerBackend>;

public sealed class RedisClusterRaceTests : SessionStoreRaceTests<RedisClusterBackend>;

internal sealed class RedisLifecycleTests : SessionLifecycleTests<RedisBackend>;
