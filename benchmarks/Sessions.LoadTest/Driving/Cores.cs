using System.Diagnostics;

namespace Sessions.LoadTest.Driving;

/// <summary>
/// Servers under test have one core, load and databases the other: the time of that core is what a server needs, and no other program uses
/// it.
/// </summary>
internal static class Cores
{
    private const string Server = "0";
    private const string Load = "1";

    public static bool AreEnough => Environment.ProcessorCount >= 2 && File.Exists("/usr/bin/taskset");

    /// <summary>Arguments of taskset.</summary>
    public static string[] ForServer(params string[] command) => ["--cpu-list", Server, .. command];

    /// <inheritdoc cref="ForServer"/>
    public static string[] ForLoad(params string[] command) => ["--cpu-list", Load, .. command];

    /// <summary>Moves this process, and whatever it starts from here on, to the core of the load.</summary>
    public static void MoveToLoad()
    {
        using var self = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux())
        {
            // Of all threads, also those that there are already; it says so for each.
            using var taskset = Process.Start(
                new ProcessStartInfo("taskset", ["--all-tasks", "--cpu-list", "--pid", Load, $"{self.Id}"])
                {
                    RedirectStandardOutput = true,
                }
            )!;
            taskset.StandardOutput.ReadToEnd();
            taskset.WaitForExit();
        }
    }
}
