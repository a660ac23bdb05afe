using LiteDB;
using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.LiteDb;

/// <summary>A database of the application, where several stores may share a collection.</summary>
public sealed class LiteDatabaseBackend : SessionStoreBackend
{
    private readonly Lazy<FailingLiteEngine> _engine = new();
    private readonly Lazy<LiteDatabase> _database;

    public LiteDatabaseBackend()
    {
        _database = new(() => new(_engine.Value));
    }

    public override int RaceRounds => 50;

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => new(Create(time));

    public override ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => new(Create(time));

    public override ValueTask<IAsyncDisposable?> BreakAsync()
    {
        _engine.Value.IsBroken = true;
        return new(new Repair(() => _engine.Value.IsBroken = false));
    }

    public override ValueTask<bool> DamageAsync(SessionId id) => new(LiteDbCorruptRecordBackend.Damage(_database.Value, id, "text"));

    public override ValueTask CleanUpAsync()
    {
        _database.Value.Dispose();
        return ValueTask.CompletedTask;
    }

    private LiteDbSessionStore Create(TimeProvider time) => new(new() { Database = _database.Value }, time, Reporter);
}

public sealed class LiteDatabaseConformanceTests : SessionStoreConformanceTests<LiteDatabaseBackend>;

public sealed class LiteDatabaseRaceTests : SessionStoreRaceTests<LiteDatabaseBackend>;
