using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

public class PostgresRaceTests : SessionStoreRaceTests<PostgresSessionStore>
{
    private PostgresTestSchema _schema = null!;

    private protected virtual SharedServer Server => TestServers.Postgres;

    protected override async ValueTask<PostgresSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _schema = await PostgresTestSchema.CreateAsync(Server);
        return new(_schema.Options, time);
    }

    protected override ValueTask<PostgresSessionStore?> CreateNodeAsync(PostgresSessionStore first, TimeProvider time) =>
        new(new PostgresSessionStore(_schema.Options, time));

    protected override ValueTask CleanUpAsync() => _schema.DisposeAsync();
}
