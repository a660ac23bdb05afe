using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Demo;

/// <summary>The demo, built with the tests and run as a newcomer runs it: a process of its own. Killed when disposed.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    /// <summary>What the log says when an old copy of a token was shown.</summary>
    public const string CopyAlarm = "An old copy of the token of session";

    // Only a safety net, for a process that neither serves nor ends.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private DemoProcess(Process process)
    {
        _process = process;
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>What it has written so far, to both outputs.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts the demo and returns when it serves.</summary>
    public static Task<DemoProcess> StartAsync(params string[] arguments) =>
        WaitUntilItServesAsync(Start([.. arguments, "--urls", "http://127.0.0.1:0"]));

    /// <summary>Starts another web application, in the folder of its program, and returns when it serves.</summary>
    public static Task<DemoProcess> StartProgramAsync(string program) =>
        WaitUntilItServesAsync(StartProgram(program, Path.GetDirectoryName(program)!, ["--urls", "http://127.0.0.1:0"]));

    private static async Task<DemoProcess> WaitUntilItServesAsync(Process process)
    {
        var demo = new DemoProcess(process);
        var lines = Channel.CreateUnbounded<string>();
        demo._process.OutputDataReceived += (_, line) =>
        {
            demo._output.Enqueue(line.Data ?? "");
            _ = line.Data is null ? lines.Writer.TryComplete() : lines.Writer.TryWrite(line.Data);
        };
        demo._process.ErrorDataReceived += (_, line) =>
        {
            demo._output.Enqueue(line.Data ?? "");
            TestContext.Progress.WriteLine(line.Data);
        };
        demo._process.BeginOutputReadLine();
        demo._process.BeginErrorReadLine();

        const string listening = "Now listening on: ";
        using var patience = new CancellationTokenSource(Timeout);
        await foreach (var line in lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.Contains(listening, StringComparison.Ordinal))
            {
                demo.Address = new Uri(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..]);
                return demo;
            }
        }

        await demo.DisposeAsync();
        throw new InvalidOperationException($"The program ended before it served: {string.Join('\n', demo.Output)}");
    }

    /// <summary>Runs the demo to its end, which is expected soon.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        await using var demo = new DemoProcess(Start(arguments));
        using var patience = new CancellationTokenSource(Timeout);
        var output = demo._process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = await demo._process.StandardError.ReadToEndAsync(patience.Token);
        await output;
        await demo._process.WaitForExitAsync(patience.Token);
        return (demo._process.ExitCode, error);
    }

    /// <summary>Ends the demo the hard way (SIGKILL): nothing is flushed, nothing said goodbye to.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        using var patience = new CancellationTokenSource(Timeout);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Start(string[] arguments)
    {
        // Built beside the tests, in the same configuration.
        var build = Path.GetRelativePath(Path.Combine(Repository.Root, "Sessions.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(Repository.Root, "samples", "Sessions.Demo", build, "Sessions.Demo.dll");
        return StartProgram(program, Environment.CurrentDirectory, arguments);
    }

    private static Process StartProgram(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    /// <summary>Whatever the machine says about web applications and the demo in particular is not part of the test.</summary>
    private static bool IsSetting(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Demo__", StringComparison.OrdinalIgnoreCase);
}
