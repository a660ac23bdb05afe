using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

/// <summary>A schema of its own on the shared server for each test.</summary>
public class PostgresBackend : SessionStoreBackend
{
    private readonly SharedServer _server;
    private PostgresTestSchema _schema = null!;

    public PostgresBackend()
        : this(TestServers.Postgres) { }

    private protected PostgresBackend(SharedServer server)
    {
        _server = server;
    }

    public override int RaceRounds => 100;

    public override async ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time)
    {
        _schema = await PostgresTestSchema.CreateAsync(_server);
        return new PostgresSessionStore(await ConfigureAsync(_schema), time);
    }

    public override async ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) =>
        new PostgresSessionStore(await ConfigureAsync(_schema), time);

    public override async ValueTask CleanUpAsync() => await _schema.DisposeAsync();

    private protected virtual ValueTask<PostgresSessionOptions> ConfigureAsync(PostgresTestSchema schema) => new(schema.Options);
}

/// <summary>The same in a container.</summary>
public sealed class PostgresInContainerBackend() : PostgresBackend(TestServers.PostgresContainer)
{
    // The races themselves are the same as with a process; what may differ is the server.
    public override int RaceRounds => 50;
}

/// <summary>
/// The same behind the shared pooler, which has fewer connections than there are callers: neighbouring transactions of one caller run on
/// different ones.
/// </summary>
public sealed class PgBouncerBackend : PostgresBackend
{
    public override int RaceRounds => 50;

    private protected override async ValueTask<PostgresSessionOptions> ConfigureAsync(PostgresTestSchema schema) =>
        new()
        {
            ConnectionString = (await TestServers.PgBouncerAsync()).ConnectionString,
            FeedConnectionString = schema.ConnectionString,
            Schema = schema.Name,
        };
}

public sealed class PostgresConformanceTests : SessionStoreConformanceTests<PostgresBackend>;

public sealed class PostgresInContainerConformanceTests : SessionStoreConformanceTests<PostgresInContainerBackend>;

public sealed class PgBouncerConformanceTests : SessionStoreConformanceTests<PgBouncerBackend>;

public sealed class PostgresRaceTests : SessionStoreRaceTests<PostgresBackend>;

public sealed class PostgresInContainerRaceTests : SessionStoreRaceTests<PostgresInContainerBackend>;

public sealed class PgBouncerRaceTests : SessionStoreRaceTests<PgBouncerBackend>;

internal sealed class PostgresLifecycleTests : SessionLifecycleTests<PostgresBackend>;
