using System.Diagnostics;
using NUnit.Framework;

namespace Sessions.Tests.Durability;

/// <summary>A file system of 16 MB that can be filled up and emptied again. Only root on Linux can have one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 16;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sessions-disk-");

    public SmallDisk()
    {
        if (
            !OperatingSystem.IsLinux()
            || !Environment.IsPrivilegedProcess
            || !Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", Folder)
        )
        {
            _folder.Delete();
            Assert.Ignore("A small disk is a tmpfs, which only root on Linux can mount.");
        }
    }

    public string Folder => _folder.FullName;

    private string BallastFile => Path.Combine(Folder, "ballast");

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(BallastFile, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[512];
        try
        {
            while (true)
            {
                ballast.Write(block);
            }
        }
        catch (IOException)
        {
            // That is how a full disk shows.
        }
    }

    public void Empty() => File.Delete(BallastFile);

    public void Dispose()
    {
        Run("umount", "--lazy", Folder);
        _folder.Delete();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
