using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sessions.Tests.Demo;

/// <summary>A tab of a browser.</summary>
internal sealed class ChromiumTab(DevTools tools, string session, CancellationToken patience)
{
    /// <summary>Goes to an address, and returns when the page is there.</summary>
    public Task OpenAsync(Uri address) => LoadAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });

    /// <summary>Clicks what leads to another page, and returns when that is there.</summary>
    public Task ClickAsync(string selector) => LoadAsync("Runtime.evaluate", Click(selector));

    /// <summary>Brings the tab to the front and finds the middle of an element.</summary>
    public async Task<(double X, double Y)> FindAsync(string selector)
    {
        await CallAsync("Page.bringToFront");
        var found = await EvaluateAsync(
            $"JSON.stringify(document.querySelector({JsonSerializer.Serialize(selector)}).getBoundingClientRect())"
        );
        var place = JsonNode.Parse(found)!;
        return ((double)place["x"]! + (double)place["width"]! / 2, (double)place["y"]! + (double)place["height"]! / 2);
    }

    /// <summary>Presses and releases the mouse, and does not wait for what comes of it. No script runs: a page may be on its way.</summary>
    /// <param name="place">Where.</param>
    /// <param name="count">1; for the second of a double click, 2.</param>
    public async Task ClickAsync((double X, double Y) place, int count)
    {
        foreach (var type in (string[])["mousePressed", "mouseReleased"])
        {
            await CallAsync(
                "Input.dispatchMouseEvent",
                new JsonObject
                {
                    ["type"] = type,
                    ["x"] = place.X,
                    ["y"] = place.Y,
                    ["button"] = "left",
                    ["clickCount"] = count,
                }
            );
        }
    }

    /// <summary>Completes when the next page of the tab is there; to be called before what leads to it.</summary>
    public Task NextPageAsync() => tools.NextAsync("Page.loadEventFired", session, patience);

    /// <summary>Types into a field, in place of what it holds.</summary>
    public Task<string> TypeAsync(string selector, string text) =>
        EvaluateAsync($"document.querySelector({JsonSerializer.Serialize(selector)}).value = {JsonSerializer.Serialize(text)}");

    /// <summary>The text of the first element; empty when there is none.</summary>
    public Task<string> TextAsync(string selector) =>
        EvaluateAsync($"document.querySelector({JsonSerializer.Serialize(selector)})?.textContent ?? ''");

    /// <summary>The text that an expression, or the promise that it makes, comes to.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var parameters = new JsonObject { ["expression"] = expression, ["awaitPromise"] = true };
        return (string?)(await CallAsync("Runtime.evaluate", parameters))["result"]?["value"]
            ?? throw new InvalidOperationException($"{expression} is no text.");
    }

    /// <summary>Sends a request from the page, and returns the status of the response.</summary>
    public Task<string> FetchAsync(string method, string target) =>
        EvaluateAsync($"fetch('{target}', {{ method: '{method}' }}).then(response => String(response.status))");

    /// <summary>Signs in to the demo as its users do, with a cookie that outlives the browser; ends on the page of the devices.</summary>
    public async Task SignInAsync(Uri demo, string name)
    {
        await OpenAsync(new Uri(demo, "/login"));
        await TypeAsync("#name", name);
        await EvaluateAsync("String(document.querySelector('[name=remember]').checked = true)");
        await ClickAsync("main button");
    }

    public Task EnableAsync() => CallAsync("Page.enable");

    private async Task LoadAsync(string method, JsonObject parameters)
    {
        var loaded = NextPageAsync();
        await CallAsync(method, parameters);
        await loaded;
    }

    private static JsonObject Click(string selector) =>
        new() { ["expression"] = $"document.querySelector({JsonSerializer.Serialize(selector)}).click()", ["userGesture"] = true };

    private Task<JsonNode> CallAsync(string method, JsonObject? parameters = null) =>
        tools.CallAsync(method, parameters, session, patience);
}
