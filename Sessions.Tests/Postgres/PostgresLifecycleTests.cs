using Sessions.Postgres;
using Sessions.Tests.Life;

namespace Sessions.Tests.Postgres;

internal sealed class PostgresLifecycleTests : SessionLifecycleTests<PostgresSessionStore>
{
    private PostgresTestSchema _schema = null!;

    protected override int SequenceCount => 20;

    protected override async ValueTask<PostgresSessionStore> CreateStoreAsync(TimeProvider time)
    {
        _schema = await PostgresTestSchema.CreateAsync();
        return new(_schema.Options, time);
    }

    protected override ValueTask CleanUpAsync() => _schema.DisposeAsync();
}
