using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>The installed Chromium, without a window, on one page. Driven over its DevTools protocol; killed when disposed.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    // Only a safety net, for a browser that does not answer.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly Process _process;
    private readonly DevTools _tools;
    private readonly CancellationTokenSource _patience = new(2 * Timeout);
    private string _page = "";

    private Chromium(Process process, DevTools tools)
    {
        (_process, _tools) = (process, tools);
    }

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
            await chromium.AttachAsync();
            return chromium;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Goes to an address, and returns when the page is there.</summary>
    public Task OpenAsync(Uri address) => LoadAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });

    /// <summary>Clicks what leads to another page, and returns when that is there.</summary>
    public Task ClickAsync(string selector) =>
        LoadAsync(
            "Runtime.evaluate",
            new JsonObject { ["expression"] = $"document.querySelector({JsonSerializer.Serialize(selector)}).click()" }
        );

    /// <summary>The text of the first element; empty when there is none.</summary>
    public Task<string> TextAsync(string selector) =>
        EvaluateAsync($"document.querySelector({JsonSerializer.Serialize(selector)})?.textContent ?? ''");

    public async Task<string> EvaluateAsync(string expression) =>
        (string?)(await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression }))["result"]?["value"]
        ?? throw new InvalidOperationException($"{expression} is no text.");

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
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(_patience.Token);
        }

        await _tools.DisposeAsync();
        _process.Dispose();
        _patience.Dispose();
    }

    private async Task AttachAsync()
    {
        var targets = await _tools.CallAsync("Target.getTargets", null, null, _patience.Token);
        var page = targets["targetInfos"]!.AsArray().First(target => (string?)target!["type"] == "page")!["targetId"]!.DeepClone();
        var attached = await _tools.CallAsync(
            "Target.attachToTarget",
            new JsonObject { ["targetId"] = page, ["flatten"] = true },
            null,
            _patience.Token
        );
        _page = (string)attached["sessionId"]!;
        await CallAsync("Page.enable");
    }

    private async Task LoadAsync(string method, JsonObject parameters)
    {
        var loaded = _tools.NextAsync("Page.loadEventFired", _patience.Token);
        await CallAsync(method, parameters);
        await loaded;
    }

    private Task<JsonNode> CallAsync(string method, JsonObject? parameters = null) =>
        _tools.CallAsync(method, parameters, _page, _patience.Token);

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
