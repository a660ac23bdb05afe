using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

public sealed class PgBouncerRaceTests : SessionStoreRaceTests<PostgresSessionStore>
{
    private PgBouncerProcess _bouncer = null!;
    private PostgresTestSchema _schema = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _bouncer = await PgBouncerProcess.StartAsync((await TestServers.PostgresAsync()).ConnectionString, 3);

    [OneTimeTearDown]
    public async Task StopAsync() => await _bouncer.DisposeAsync();

    protected override async ValueTask<PostgresSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _schema = await PostgresTestSchema.CreateAsync();
        return Node(time);
    }

    protected override ValueTask<PostgresSessionStore?> CreateNodeAsync(PostgresSessionStore first, TimeProvider time) => new(Node(time));

    protected override ValueTask CleanUpAsync() => _schema.DisposeAsync();

    private PostgresSessionStore Node(TimeProvider time) =>
        new(new() { ConnectionString = _bouncer.ConnectionString, Schema = _schema.Name }, time);
}
