using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Durability;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.LiteDb;

/// <summary>A file of its own for each test. It belongs to one store, so there is no second node.</summary>
public sealed class LiteDbBackend : SessionStoreBackend, IDurableBackend
{
    private readonly Lazy<LiteDbTestFolder> _folder = new();

    public override int RaceRounds => 50;

    public string Connection => _folder.Value.File;

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time) => new(_folder.Value.Open(time, Reporter));

    // LiteDB has the file open and answers from its memory, so that nothing outside makes it fail: LiteDatabaseBackend breaks its engine.
    // Nor can another connection damage a record.

    public ISessionStore Open(string connection) => new LiteDbSessionStore(new LiteDbSessionOptions { Path = connection });

    public override ValueTask CleanUpAsync()
    {
        _folder.Value.Delete();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A folder of its own for the files of a test.</summary>
internal sealed class LiteDbTestFolder
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessions-litedb-");

    public string File => Path.Combine(_folder.FullName, "sessions.litedb");

    public LiteDbSessionStore Open(TimeProvider? time = null, CorruptRecordReporter? reporter = null) =>
        new(new LiteDbSessionOptions { Path = File }, time, reporter);

    public void Delete() => _folder.Delete(recursive: true);
}

public sealed class LiteDbConformanceTests : SessionStoreConformanceTests<LiteDbBackend>;

public sealed class LiteDbRaceTests : SessionStoreRaceTests<LiteDbBackend>;

public sealed class LiteDbKilledProcessTests : KilledProcessTests<LiteDbBackend>;

internal sealed class LiteDbLifecycleTests : SessionLifecycleTests<LiteDbBackend>;
