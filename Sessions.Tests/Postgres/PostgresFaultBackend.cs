using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Tests.Nodes;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

/// <summary>A PostgreSQL that can be broken.</summary>
internal sealed class PostgresFaultBackend : FaultBackend
{
    // How the server tells connections that go through the proxy from others.
    private const string Proxied = "through-proxy";

    private PostgresProxy _proxy = null!;

    public PostgresProcess Server { get; private set; } = null!;

    public override string DemoName => "postgres";

    public override bool ConnectsOnDemand => true;

    public override Type DriverException => typeof(NpgsqlException);

    public override async Task StartAsync(bool isDurable = false)
    {
        Server = await PostgresProcess.StartAsync(isDurable ? [] : ["fsync=off"]);
        _proxy = new PostgresProxy(Server.ConnectionString);
    }

    public override ISessionStore CreateStore(bool throughProxy = false) =>
        new PostgresSessionStore(new() { ConnectionString = Configure(throughProxy).ConnectionString });

    public override void Use(SessionUpBuilder builder) => builder.UsePostgres(Server.ConnectionString);

    public override string GetConnectionString(int node)
    {
        var settings = Configure(throughProxy: node == 1);
        (settings.CommandTimeout, settings.CancellationTimeout) = (2, -1);
        return settings.ConnectionString;
    }

    public override async Task CloseListenersAsync()
    {
        await using var data = NpgsqlDataSource.Create(Server.ConnectionString);
        await using var kill = data.CreateCommand(
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{Proxied}'"
        );
        await kill.ExecuteScalarAsync();
    }

    public override Task DropResponsesAsync() => _proxy.HoldResponses();

    public override void RestoreResponses() => _proxy.CloseConnections();

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

    private NpgsqlConnectionStringBuilder Configure(bool throughProxy) =>
        new(throughProxy ? _proxy.ConnectionString : Server.ConnectionString) { ApplicationName = throughProxy ? Proxied : "direct" };
}

internal sealed class PostgresDisconnectedNodeTests : DisconnectedNodeTests<PostgresFaultBackend>;
