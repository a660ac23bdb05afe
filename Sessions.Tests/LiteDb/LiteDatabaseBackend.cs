using LiteDB;
using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

/// <summary>A database of the application, where several stores may share a collection.</summary>
public sealed class LiteDatabaseBackend : SessionStoreBackend
{
    private readonly Lazy<LiteDatabase> _database = new(static () => new(new MemoryStream()));

    public override int RaceRounds => 50;

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) =>
        new(new LiteDbSessionStore(new() { Database = _database.Value }, time));

    public override ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) =>
        new(new LiteDbSessionStore(new() { Database = _database.Value }, time));

    public override ValueTask CleanUpAsync()
    {
        _database.Value.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class LiteDatabaseConformanceTests : SessionStoreConformanceTests<LiteDatabaseBackend>;

public sealed class LiteDatabaseRaceTests : SessionStoreRaceTests<LiteDatabaseBackend>;
