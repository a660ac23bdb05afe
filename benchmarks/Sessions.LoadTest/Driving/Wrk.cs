using System.Diagnostics;
using System.Globalization;
using Sessions.Tests.Servers;

namespace Sessions.LoadTest.Driving;

/// <summary>Runs wrk on the core that the servers under test do not have.</summary>
internal static class Wrk
{
    private const string Script = "Driving/wrk.lua";

    public static bool IsInstalled => ServerFiles.FindProgram("wrk", "/usr/bin") is not null;

    /// <summary>The command, for whoever wants to run it again.</summary>
    public static string[] Command(string address, string cookies, WrkLoad load) =>
        [
            "taskset",
            .. Cores.ForLoad("wrk"),
            "--threads",
            "1",
            "--connections",
            Text(load.Connections),
            "--duration",
            $"{load.Seconds}s",
            "--timeout",
            "10s",
            "--script",
            Script,
            address,
            "--",
            cookies,
            .. load.SignInUsers is { } users ? [$"sign-in={Text(users)}"] : Array.Empty<string>(),
            .. load.IsChecked ? ["check"] : Array.Empty<string>(),
        ];

    /// <exception cref="InvalidOperationException">There was an answer that is an error, or none.</exception>
    public static async Task<WrkResult> RunAsync(string address, string cookies, WrkLoad load)
    {
        var command = Command(address, cookies, load);
        using var wrk = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // Where the script is.
                WorkingDirectory = AppContext.BaseDirectory,
            }
        )!;
        var (said, complained) = (wrk.StandardOutput.ReadToEndAsync(), wrk.StandardError.ReadToEndAsync());
        await wrk.WaitForExitAsync();
        var result = Numbers(await said, "RESULT");
        if (wrk.ExitCode != 0 || result is not [var requests, var duration, .. var errors, var median] || requests == 0)
        {
            throw new InvalidOperationException($"wrk ended with exit code {wrk.ExitCode}: {await said}{await complained}");
        }

        if (errors.Any(static count => count != 0))
        {
            throw new InvalidOperationException(
                $"{address}: of {requests} requests {errors[0]} were refused; connections that failed, broke while reading or writing, timed out: {string.Join(", ", errors[1..])}."
            );
        }

        return new(requests, requests / (duration / 1e6), median, Numbers(await said, "P99")![0]);
    }

    private static long[]? Numbers(string output, string label) =>
        output
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))
            ?.Split(' ')[1..]
            .Select(static number => long.Parse(number, CultureInfo.InvariantCulture))
            .ToArray();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
