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
    private PostgresTestRole? _role;

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
        return await OpenAsync(time);
    }

    public override async ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => await OpenAsync(time);

    public override async ValueTask<IAsyncDisposable?> BreakAsync() => _role is null ? null : await _role.BreakAsync();

    public override async ValueTask<bool> DamageAsync(SessionId id) => await _schema.DamageAsync(id, "credential = ''") == 1;

    public override async ValueTask CleanUpAsync()
    {
        await _schema.DropAsync();
        if (_role is not null)
        {
            await _role.DropAsync();
        }

        await _schema.DisposeAsync();
    }

    private protected virtual async ValueTask<PostgresSessionOptions> ConfigureAsync(PostgresTestSchema schema)
    {
        _role ??= await PostgresTestRole.CreateAsync(schema);
        return new() { ConnectionString = _role.ConnectionString, Schema = schema.Name };
    }

    private async Task<PostgresSessionStore> OpenAsync(TimeProvider time) => new(await ConfigureAsync(_schema), time, reporter: Reporter);
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
