using FsCheck.Fluent;
using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.LiteDb;
using Sessions.Tests.Memory;
using Sessions.Tests.Postgres;
using Sessions.Tests.Redis;
using Sessions.Tests.Sqlite;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>In memory, where a call costs nothing: many long runs in each kind of world.</summary>
internal sealed class MemoryModelTests : BrowserModelTests<MemoryBackend>
{
    private static IEnumerable<string> Regimes => PipelineRegimes.Named.Keys;

    [TestCaseSource(nameof(Regimes))]
    public void The_pipeline_keeps_every_property(string regime) =>
        ModelCheck.All(PipelineRegimes.Named[regime], TestEffort.Scale(200), length: 300, Take);
}

/// <summary>On a store that costs a disk or a network: some runs, in worlds of all kinds that it has.</summary>
internal abstract class StoreModelTests<TBackend> : BrowserModelTests<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    [Test]
    public void The_pipeline_keeps_every_property() =>
        ModelCheck.All(Gen.OneOf(PipelineRegimes.Uncached), TestEffort.Scale(20), length: 200, Take);
}

internal sealed class SqliteModelTests : StoreModelTests<SqliteBackend>;

internal sealed class LiteDbModelTests : StoreModelTests<LiteDbBackend>;

internal sealed class RedisModelTests : StoreModelTests<RedisBackend>;

internal sealed class PostgresModelTests : StoreModelTests<PostgresBackend>;
