using System.Diagnostics;
using System.Globalization;

namespace Sessions.Tests.Servers;

/// <summary>Processes that are stopped in the middle of whatever they do, with their connections open, until this is disposed.</summary>
internal sealed class PausedProcesses : IAsyncDisposable
{
    private readonly int[] _processes;

    private PausedProcesses(int[] processes)
    {
        _processes = processes;
    }

    public static async Task<PausedProcesses> PauseAsync(params int[] processes)
    {
        var paused = new PausedProcesses(processes);
        await paused.SignalAsync("-STOP");
        return paused;
    }

    public async ValueTask DisposeAsync() => await SignalAsync("-CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start(
            "/bin/kill",
            [signal, .. _processes.Select(static process => process.ToString(CultureInfo.InvariantCulture))]
        );
        await kill.WaitForExitAsync();
    }
}
