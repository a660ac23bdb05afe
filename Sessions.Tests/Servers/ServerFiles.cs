namespace Sessions.Tests.Servers;

/// <summary>Where servers are found, where they keep their data and where they listen.</summary>
internal static class ServerFiles
{
    // Below the ports that Linux hands out for outgoing connections, so that a server that was killed gets its port again.
    private const int FirstPort = 20_000;
    private const int Ports = 6_000;

    private static int _next = Environment.ProcessId * 37 % Ports;

    /// <summary>The next port to try. It may be taken: whoever binds it learns, and asks for another.</summary>
    public static int NextPort() => FirstPort + (Interlocked.Increment(ref _next) % Ports);

    /// <summary>A program on PATH or in one of the folders where Debian puts it; null when it is not installed.</summary>
    public static string? FindProgram(string name, params string[] folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(folders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>A new, empty folder for one server's data.</summary>
    public static string NewFolder() => Directory.CreateTempSubdirectory("sessions-test-").FullName;
}
