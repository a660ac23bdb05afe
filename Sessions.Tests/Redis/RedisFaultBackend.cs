using Microsoft.Extensions.DependencyInjection;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Tests.Durability;
using Sessions.Tests.Nodes;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>A Redis that can be broken.</summary>
internal sealed class RedisFaultBackend : FaultBackend
{
    private readonly RedisTestStores _stores = new();
    private RedisProxy _proxy = null!;

    public RedisProcess Server { get; private set; } = null!;

    public RedisProxy Proxy => _proxy;

    public override string DemoName => "redis";

    public override bool ConnectsOnDemand => false;

    public override Type DriverException => typeof(RedisException);

    public override async Task StartAsync(bool isDurable = false)
    {
        Server = await RedisProcess.StartAsync(isDurable ? ["--appendonly", "yes", "--appendfsync", "always"] : []);
        _proxy = RedisProxy.Start(Server.Port);
    }

    public override ISessionStore CreateStore(bool throughProxy = false) => Create(throughProxy ? _proxy.Endpoint : Server.Endpoint);

    public override void Use(SessionUpBuilder builder) => builder.UseRedis(Configuration(Server.Endpoint));

    public override string GetConnectionString(int node) => $"{(node == 1 ? _proxy.Endpoint : Server.Endpoint)},syncTimeout=2000";

    // There is one channel for all: other nodes are cut off too.
    public override Task CloseListenersAsync() => Server.CallAsync("CLIENT", "KILL", "TYPE", "pubsub");

    public override Task DropResponsesAsync()
    {
        _proxy.HoldResponses();
        return Task.CompletedTask;
    }

    public override void RestoreResponses() => _proxy.ReleaseResponses();

    public override Task KillAsync() => Server.KillAsync();

    public override Task RestartAsync() => Server.RestartAsync();

    public override Task<PausedProcesses> PauseAsync() => Server.PauseAsync();

    public override async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await _proxy.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    // So that the driver notices within a second what its defaults notice within a minute.
    private static string Configuration(string endpoint) => $"{endpoint},connectTimeout=1000,syncTimeout=2000,configCheckSeconds=1";

    private RedisSessionStore Create(string endpoint) => _stores.Create(Configuration(endpoint), TimeProvider.System);
}

internal sealed class RedisOutageTests : OutageTests<RedisFaultBackend>;

internal sealed class RedisDisconnectedNodeTests : DisconnectedNodeTests<RedisFaultBackend>;
