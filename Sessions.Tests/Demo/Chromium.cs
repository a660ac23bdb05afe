using System.Diagnostics;
using System.Text.Json.Nodes;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>The installed Chromium, without a window. Driven over its DevTools protocol; killed when disposed.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    // Only a safety net, for a browser that does not answer.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly Process _process;
    private readonly DevTools _tools;
    private readonly CancellationTokenSource _patience = new(2 * Timeout);

    private Chromium(Process process, DevTools tools)
    {
        (_process, _tools) = (process, tools);
    }

    /// <summary>The tab that the browser starts with.</summary>
    public ChromiumTab Tab { get; private set; } = null!;

    /// <summary>Starts the browser with a profile, which keeps what it keeps.</summary>
    public static async Task<Chromium> StartAsync(string profile)
    {
        var program =
            Names.Select(static name => ServerFiles.FindProgram(name)).FirstOrDefault(static path => path is not null)
            ?? throw SharedServer.Missing("There is no Chromium: install chromium.");
        string[] arguments =
        [
            "--headless=new",
            "--no-sandbox",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            $"--user-data-dir={profile}",
            "about:blank",
        ];
        var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        try
        {
            var chromium = new Chromium(process, await DevTools.ConnectAsync(await ReadAddressAsync(process)));
            await chromium.AttachToFirstTabAsync();
            return chromium;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Opens another tab.</summary>
    public async Task<ChromiumTab> OpenTabAsync()
    {
        var target = await _tools.CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, null, _patience.Token);
        return await AttachAsync((string)target["targetId"]!);
    }

    /// <summary>Ends the browser as a crash does (SIGKILL): what it has not written to the profile is lost.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Timeout);
    }

    /// <summary>Closes the browser as its user does: what is to be kept is written to the profile.</summary>
    public async Task CloseAsync()
    {
        await _tools.CallAsync("Browser.close", null, null, _patience.Token);
        await _process.WaitForExitAsync(_patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _tools.DisposeAsync();
        _process.Dispose();
        _patience.Dispose();
    }

    private async Task AttachToFirstTabAsync()
    {
        var targets = await _tools.CallAsync("Target.getTargets", null, null, _patience.Token);
        var page = targets["targetInfos"]!.AsArray().First(target => (string?)target!["type"] == "page")!;
        Tab = await AttachAsync((string)page["targetId"]!);
    }

    private async Task<ChromiumTab> AttachAsync(string target)
    {
        var attached = await _tools.CallAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = target, ["flatten"] = true },
            null,
            _patience.Token
        );
        var tab = new ChromiumTab(_tools, (string)attached["sessionId"]!, _patience.Token);
        await tab.EnableAsync();
        return tab;
    }

    private static async Task<Uri> ReadAddressAsync(Process process)
    {
        const string listening = "DevTools listening on ";
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                address.TrySetException(new InvalidOperationException("Chromium ended before it could be driven."));
            }
            else if (line.Data.StartsWith(listening, StringComparison.Ordinal))
            {
                address.TrySetResult(new Uri(line.Data[listening.Length..]));
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return await address.Task.WaitAsync(Timeout);
    }
}
