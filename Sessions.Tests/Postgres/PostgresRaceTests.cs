using Sessions.Postgres;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

public sealed class PostgresRaceTests : SessionStoreRaceTests<PostgresSessionStore>
{
    private PostgresTestSchema _schema = null!;

    protected override async ValueTask<PostgresSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _schema = await PostgresTestSchema.CreateAsync();
        return new(_schema.Options, time);
    }

    protected override ValueTask<PostgresSessionStore?> CreateNodeAsync(PostgresSessionStore first, TimeProvider time) =>
        new(new PostgresSessionStore(_schema.Options, time));

    protected override ValueTask CleanUpAsync() => _schema.DisposeAsync();
}
