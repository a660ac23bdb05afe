using Npgsql;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>A database for three nodes alone, so that it can be hurt: the second node comes to it through a proxy.</summary>
internal abstract class NodeFaultServer : IAsyncDisposable
{
    /// <summary>How the second node may be told from the others.</summary>
    protected const string Second = "second-node";

    public static async Task<NodeFaultServer> StartAsync(string store) =>
        store == "redis" ? new Redis(await RedisProcess.StartAsync()) : new Postgres(await PostgresProcess.StartAsync());

    public abstract string GetConnectionString(int node);

    /// <summary>Ends the connection on which the second node listens.</summary>
    public abstract Task KillListenerAsync();

    /// <summary>From here on the second node hears nothing of the server on the connections that it has, and gets no error either.</summary>
    public abstract void DropResponses();

    /// <summary>Brings back what <see cref="DropResponses"/> took.</summary>
    public abstract void RestoreResponses();

    public abstract Task<PausedProcesses> PauseAsync();

    public abstract ValueTask DisposeAsync();

    private sealed class Redis(RedisProcess server) : NodeFaultServer
    {
        private readonly RedisProxy _proxy = RedisProxy.Start(server.Port);

        public override string GetConnectionString(int node) => $"{(node == 1 ? _proxy.Endpoint : server.Endpoint)},syncTimeout=2000";

        // There is one channel for all: the others are cut off too.
        public override Task KillListenerAsync() => server.CallAsync("CLIENT", "KILL", "TYPE", "pubsub");

        public override void DropResponses() => _proxy.HoldResponses();

        public override void RestoreResponses() => _proxy.ReleaseResponses();

        public override Task<PausedProcesses> PauseAsync() => server.PauseAsync();

        public override async ValueTask DisposeAsync()
        {
            await _proxy.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    private sealed class Postgres(PostgresProcess server) : NodeFaultServer
    {
        private readonly PostgresProxy _proxy = new(server.ConnectionString);

        public override string GetConnectionString(int node) =>
            new NpgsqlConnectionStringBuilder(node == 1 ? _proxy.ConnectionString : server.ConnectionString)
            {
                ApplicationName = node == 1 ? Second : "another",
                CommandTimeout = 2,
                CancellationTimeout = -1,
            }.ConnectionString;

        public override async Task KillListenerAsync()
        {
            await using var data = NpgsqlDataSource.Create(server.ConnectionString);
            await using var kill = data.CreateCommand(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{Second}'"
            );
            await kill.ExecuteNonQueryAsync();
        }

        public override void DropResponses() => _ = _proxy.HoldResponses();

        public override void RestoreResponses() => _proxy.CloseConnections();

        public override Task<PausedProcesses> PauseAsync() => server.PauseAsync();

        public override async ValueTask DisposeAsync()
        {
            await _proxy.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
