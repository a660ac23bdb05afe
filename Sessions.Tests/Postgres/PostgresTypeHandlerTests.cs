using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

internal sealed class PostgresTypeHandlerTests : TypeHandlerTests
{
    private PostgresTestSchema _schema = null!;

    protected override async Task<ISessionStore> CreateStoreAsync(CorruptRecordReporter reporter)
    {
        _schema = await PostgresTestSchema.CreateAsync();
        return new TypeHandlerLoadContext<PostgresSessionStore>().CreateStore(_schema.Options, reporter);
    }

    protected override async Task RemoveAsync() => await _schema.DisposeAsync();
}
