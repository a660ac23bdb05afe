using System.Net;
using System.Text.Json;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Analyzers;

/// <summary>The two code fixes of SUP0001, and what the fixed handler binds to and answers.</summary>
public sealed class DroppedValueCodeFixTests
{
    private const string Answer = "Answer with the value";
    private const string Nothing = "Answer nothing";

    [TestCase("async (HttpContext http) => await http.FetchAllSessionsAsync()", "(HttpContext http) => http.FetchAllSessionsAsync()")]
    [TestCase("async http => await http.FetchAllSessionsAsync()", "(HttpContext http) => http.FetchAllSessionsAsync()")]
    [TestCase("async (http) => await http.FetchAllSessionsAsync()", "(HttpContext http) => http.FetchAllSessionsAsync()")]
    [TestCase("async http => http.FetchAllSessionsAsync()", "(HttpContext http) => http.FetchAllSessionsAsync()")]
    [TestCase("static async http => await http.RevokeSessionAsync()", "static (HttpContext http) => http.RevokeSessionAsync()")]
    [TestCase(
        "async http => await (http.FetchAllSessionsAsync()).ConfigureAwait(false)",
        "(HttpContext http) => http.FetchAllSessionsAsync()"
    )]
    [TestCase(
        "async http => Results.Ok(await http.FetchAllSessionsAsync())",
        "async (HttpContext http) => { return Results.Ok(await http.FetchAllSessionsAsync()); }"
    )]
    [TestCase(
        "async (HttpContext http) => (await http.FetchAllSessionsAsync()).Select(s => new { s.Id }).ToList()",
        "async (HttpContext http) => { return (await http.FetchAllSessionsAsync()).Select(s => new { s.Id }).ToList(); }"
    )]
    [TestCase(
        "async (HttpContext http) => await http.InitSessionAsync(await NameAsync())",
        "async (HttpContext http) => { return await http.InitSessionAsync(await NameAsync()); }"
    )]
    [TestCase(
        "async (HttpContext http) => await http.FetchAllSessionsAsync().AsTask()",
        "async (HttpContext http) => { return await http.FetchAllSessionsAsync().AsTask(); }"
    )]
    public async Task A_handler_answers_with_its_value(string handler, string expected)
    {
        var program = await HandlerProgram.Create($"app.MapGet(\"/\", {handler});").FixedAsync(Answer);

        Assert.That(OnOneLine(await program.LinesAsync()), Is.EqualTo($"app.MapGet(\"/\", {expected});"));
        Assert.That(await program.HandlerTypeAsync(), Is.EqualTo("Delegate"));
        Assert.That(await program.ReportsAsync(), Is.Empty);
    }

    [TestCase("app.MapGet(\"/\", async http => await http.RevokeSessionAsync()).RequireSession();")]
    [TestCase("app.MapFallback(async (HttpContext http) => await http.RevokeSessionAsync());")]
    [TestCase("app.Run(async http => await http.RevokeSessionAsync());")]
    [TestCase("RequestDelegate handler = async http => await http.RevokeSessionAsync();")]
    public async Task A_handler_answers_nothing_in_braces(string lines)
    {
        var before = HandlerProgram.Create(lines);
        var program = await before.FixedAsync(Nothing);

        Assert.That(
            OnOneLine(await program.LinesAsync()),
            Is.EqualTo(lines.Replace("await http.RevokeSessionAsync()", "{ await http.RevokeSessionAsync(); }", StringComparison.Ordinal))
        );
        Assert.That(await program.HandlerTypeAsync(), Is.EqualTo(await before.HandlerTypeAsync()));
        Assert.That(await program.ReportsAsync(), Is.Empty);
    }

    [TestCase("app.Run(async http => await http.FetchAllSessionsAsync());")]
    [TestCase("app.MapGet(\"/\", requestDelegate: async http => await http.FetchAllSessionsAsync());")]
    [TestCase("RequestDelegate handler = async http => await http.FetchAllSessionsAsync();")]
    [TestCase("app.MapGet(\"/\", (RequestDelegate)(async http => await http.FetchAllSessionsAsync()));")]
    public async Task Where_only_a_request_delegate_fits_no_value_can_be_answered(string lines) =>
        Assert.That(await HandlerProgram.Create(lines).FixesAsync(), Is.EqualTo([Nothing]));

    [TestCase("await http.FetchAllSessionsAsync()", "(HttpContext http) =>\n        http.FetchAllSessionsAsync()")]
    [TestCase(
        "Results.Ok(await http.FetchAllSessionsAsync())",
        "async (HttpContext http) =>\n    {\n        return Results.Ok(await http.FetchAllSessionsAsync());\n    }"
    )]
    public async Task Line_breaks_stay_where_they_are(string value, string expected)
    {
        var program = await HandlerProgram.Create($"app.MapGet(\n    \"/\",\n    async http =>\n        {value}\n);").FixedAsync(Answer);

        Assert.That(await program.LinesAsync(), Is.EqualTo($"app.MapGet(\n    \"/\",\n    {expected}\n);"));
    }

    [Test]
    public async Task The_devices_page_is_empty_before_and_a_list_afterwards()
    {
        var before = HandlerProgram.Create("app.MapGet(\"/devices\", async http => await http.FetchAllSessionsAsync()).RequireSession();");
        var after = await before.FixedAsync(Answer);

        Assert.That(await DevicesAsync(before), Is.Empty);
        using var list = JsonDocument.Parse(await DevicesAsync(after));
        Assert.That(list.RootElement.GetArrayLength(), Is.EqualTo(1));
    }

    private static async Task<string> DevicesAsync(HandlerProgram program)
    {
        await using var app = await SessionApp.StartAsync(await program.LoadAsync());
        var session = await app.SignInAsync();
        using var response = await app.SendAsync("GET", "/devices", session.Token);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadAsStringAsync();
    }

    private static string OnOneLine(string lines) =>
        string.Join(' ', lines.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
}
