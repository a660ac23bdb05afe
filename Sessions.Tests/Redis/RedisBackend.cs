using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

/// <summary>A prefix of its own on the shared server for each test.</summary>
public class RedisBackend : SessionStoreBackend
{
    private readonly RedisTestStores _stores;

    public RedisBackend()
        : this(TestServers.Redis, "resp2") { }

    private protected RedisBackend(SharedServer server, string protocol)
    {
        _stores = new(server, protocol);
    }

    // SCAN returns keys in the order of their hashes.
    public override bool HasOrderedPages => false;

    public override int RaceRounds => 100;

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) =>
        _stores.Create((await _stores.GetUserAsync()).ConnectionString, time, Reporter);

    public override async ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => await CreateStoreAsync(time);

    public override async ValueTask<IAsyncDisposable?> BreakAsync() => await (await _stores.GetUserAsync()).BreakAsync();

    public override async ValueTask<bool> DamageAsync(SessionId id) => await _stores.DamageAsync(id, "\u0002 of another version");

    public override async ValueTask CleanUpAsync() => await _stores.CleanUpAsync();
}

/// <summary>The same with the other protocol.</summary>
public sealed class RedisResp3Backend() : RedisBackend(TestServers.Redis, "resp3");

/// <summary>The same in a container.</summary>
public sealed class RedisInContainerBackend() : RedisBackend(TestServers.RedisContainer, "resp2")
{
    // The races themselves are the same as with a process; what may differ is the server.
    public override int RaceRounds => 50;
}

/// <summary>The shared cluster, which ends with the run and is not cleaned up before.</summary>
public class RedisClusterBackend : SessionStoreBackend
{
    private readonly RedisTestStores _stores;

    public RedisClusterBackend()
        : this("resp2") { }

    private protected RedisClusterBackend(string protocol)
    {
        _stores = new(protocol: protocol);
    }

    public override bool HasOrderedPages => false;

    public override int RaceRounds => 50;

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) =>
        _stores.Create((await TestServers.RedisClusterAsync()).Configuration, time);

    public override async ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => await CreateStoreAsync(time);
}

/// <summary>The same with the other protocol.</summary>
public sealed class RedisClusterResp3Backend() : RedisClusterBackend("resp3");

public sealed class RedisConformanceTests : SessionStoreConformanceTests<RedisBackend>;

public sealed class RedisResp3ConformanceTests : SessionStoreConformanceTests<RedisResp3Backend>;

public sealed class RedisInContainerConformanceTests : SessionStoreConformanceTests<RedisInContainerBackend>;

public sealed class RedisClusterConformanceTests : SessionStoreConformanceTests<RedisClusterBackend>;

public sealed class RedisClusterResp3ConformanceTests : SessionStoreConformanceTests<RedisClusterResp3Backend>;

public sealed class RedisRaceTests : SessionStoreRaceTests<RedisBackend>;

public sealed class RedisInContainerRaceTests : SessionStoreRaceTests<RedisInContainerBackend>;

public sealed class RedisClusterRaceTests : SessionStoreRaceTests<RedisClusterBackend>;

internal sealed class RedisLifecycleTests : SessionLifecycleTests<RedisBackend>;
