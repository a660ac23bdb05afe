using Sessions.Sqlite;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Durability;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Sqlite;

/// <summary>A file of its own for each test.</summary>
public sealed class SqliteBackend : SessionStoreBackend, IDurableBackend
{
    private readonly Lazy<SqliteTestDatabase> _database = new();

    public override int RaceRounds => 50;

    public string Connection => _database.Value.ConnectionString;

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => new(Open(time));

    public override ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => new(Open(time));

    public override ValueTask<IAsyncDisposable?> BreakAsync() => new(_database.Value.Break());

    public override ValueTask<bool> DamageAsync(SessionId id) => new(_database.Value.Damage(id));

    public ISessionStore Open(string connection) => new SqliteSessionStore(new() { ConnectionString = connection });

    public override ValueTask CleanUpAsync()
    {
        _database.Value.Remove();
        return ValueTask.CompletedTask;
    }

    private SqliteSessionStore Open(TimeProvider time) => _database.Value.Open(time, unreadable: Reporter);
}

public sealed class SqliteConformanceTests : SessionStoreConformanceTests<SqliteBackend>;

public sealed class SqliteRaceTests : SessionStoreRaceTests<SqliteBackend>;

public sealed class SqliteKilledProcessTests : KilledProcessTests<SqliteBackend>;

internal sealed class SqliteLifecycleTests : SessionLifecycleTests<SqliteBackend>;
