using System.Diagnostics;

namespace Sessions.Tests.Durability;

/// <summary>Another process that works on a store until it is killed.</summary>
internal static class WorkloadProcess
{
    /// <summary>Starts the process, and kills it at once when it has acknowledged <paramref name="steps"/> steps.</summary>
    /// <returns>All that it had said by then.</returns>
    public static async Task<IReadOnlyList<string>> KillAsync(
        Type backend,
        string connection,
        int steps,
        CancellationToken cancellationToken
    )
    {
        using var process =
            Process.Start(
                new ProcessStartInfo("dotnet", [typeof(WorkloadProcess).Assembly.Location, backend.FullName!, connection])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            ) ?? throw new InvalidOperationException("The process did not start.");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var said = new List<string>();
        try
        {
            while (said.Count < steps && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                said.Add(line);
            }
        }
        finally
        {
            process.Kill();
        }

        var rest = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        // What follows the last line end was cut off by the kill.
        said.AddRange(rest.Split('\n')[..^1]);
        return said.Count >= steps ? said : throw new InvalidOperationException($"The process ended by itself: {await errors}");
    }
}
