using Sessions.LiteDb;

namespace Sessions.Tests.LiteDb;

/// <summary>A folder of its own for the files of a test.</summary>
internal sealed class LiteDbTestFolder
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessions-litedb-");

    public string File => Path.Combine(_folder.FullName, "sessions.litedb");

    public LiteDbSessionStore Open(TimeProvider? time = null) => new(new LiteDbSessionOptions { Path = File }, time);

    public void Delete() => _folder.Delete(recursive: true);
}
