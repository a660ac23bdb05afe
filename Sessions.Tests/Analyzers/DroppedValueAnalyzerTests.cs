using NUnit.Framework;

namespace Sessions.Tests.Analyzers;

/// <summary>SUP0001 reports the handlers that drop a value silently, unless ASP.NET Core's own rule (ASP0016) reports them.</summary>
public sealed class DroppedValueAnalyzerTests
{
    private const string Request = "RequestDelegate";
    private const string Route = "Delegate";

    [TestCase("async (HttpContext http) => await http.FetchAllSessionsAsync()")]
    [TestCase("async http => await http.FetchAllSessionsAsync()")]
    [TestCase("static async (HttpContext http) => await http.FetchAllSessionsAsync()")]
    [TestCase("async (HttpContext http) => await http.FetchAllSessionsAsync().ConfigureAwait(false)")]
    [TestCase("async (HttpContext http) => await (http.FetchAllSessionsAsync())")]
    [TestCase("async (HttpContext http) => await http.FetchAllSessionsAsync().AsTask()")]
    [TestCase("async (HttpContext http) => await (flag ? http.RevokeOtherSessionsAsync() : http.RevokeAllSessionsAsync())")]
    [TestCase("async (HttpContext http) => await http.RevokeSessionAsync()")]
    [TestCase("async (HttpContext http) => await http.InitSessionAsync(await NameAsync())")]
    [TestCase("async (HttpContext http) => http.GetSession()")]
    [TestCase("async (HttpContext http) => Results.Ok(await http.FetchAllSessionsAsync())")]
    [TestCase("async (HttpContext http) => (await http.FetchAllSessionsAsync()).Select(s => new { s.Id }).ToList()")]
    [TestCase("async (HttpContext http) => (await http.FetchAllSessionsAsync())?.Count()")]
    [TestCase("async (HttpContext http) => (await http.FetchAllSessionsAsync())?.ToString()")]
    [TestCase("async (HttpContext http) => new List<ListedSession>(await http.FetchAllSessionsAsync())")]
    [TestCase("async (HttpContext http) => await Task.WhenAll(http.RevokeSessionAsync().AsTask())")]
    [TestCase("async (HttpContext http) => await await Task.FromResult(http.FetchAllSessionsAsync())")]
    public async Task An_async_lambda_that_drops_the_value_of_its_expression_is_reported(string handler) =>
        await ExpectAsync($"app.MapGet(\"/\", {handler});", Request, "SUP0001");

    [TestCase("app.MapPost(\"/\", async (HttpContext http) => await http.RevokeOtherSessionsAsync());")]
    [TestCase("app.MapPut(\"/\", async (HttpContext http) => await http.RevokeOtherSessionsAsync());")]
    [TestCase("app.MapPatch(\"/\", async (HttpContext http) => await http.RevokeOtherSessionsAsync());")]
    [TestCase("app.MapDelete(\"/\", async (HttpContext http) => await http.RevokeOtherSessionsAsync());")]
    [TestCase("app.Map(\"/\", async (HttpContext http) => await http.RevokeOtherSessionsAsync());")]
    [TestCase("app.MapMethods(\"/\", new[] { \"GET\" }, async (HttpContext http) => await http.RevokeOtherSessionsAsync());")]
    [TestCase("app.MapFallback(async (HttpContext http) => await http.FetchAllSessionsAsync());")]
    [TestCase("app.MapGroup(\"/me\").RequireSession().MapGet(\"/\", async http => await http.FetchAllSessionsAsync());")]
    [TestCase("app.MapGet(\"/\", async http => await http.FetchAllSessionsAsync()).RequireSession();")]
    [TestCase("app.MapGet(\"/\", requestDelegate: async http => await http.FetchAllSessionsAsync());")]
    [TestCase("app.Run(async http => await http.FetchAllSessionsAsync());")]
    [TestCase("app.Use(next => async http => await http.FetchAllSessionsAsync());", null)]
    [TestCase("RequestDelegate handler = async http => await http.FetchAllSessionsAsync();", null)]
    public async Task It_is_reported_wherever_a_lambda_becomes_a_request_delegate(string lines, string? type = Request) =>
        await ExpectAsync(lines, type, "SUP0001");

    [TestCase("async (HttpContext http) => { await http.RevokeSessionAsync(); }")]
    [TestCase("async (HttpContext http) => _ = await http.RevokeSessionAsync()")]
    [TestCase("async (HttpContext http) => kept = await http.FetchAllSessionsAsync()")]
    [TestCase("async Task (HttpContext http) => await http.RevokeSessionAsync()")]
    [TestCase("async delegate (HttpContext http) { await http.RevokeSessionAsync(); }")]
    [TestCase("async (HttpContext http) => await http.Response.WriteAsJsonAsync(await http.FetchAllSessionsAsync())")]
    [TestCase("async (HttpContext http) => await EndAsync(http)")]
    [TestCase("async (HttpContext http) => await NameAsync()")]
    [TestCase("EndAsync")]
    public async Task A_handler_that_drops_its_value_on_purpose_or_has_none_of_a_session_is_not_reported(string handler) =>
        await ExpectAsync($"app.MapGet(\"/\", {handler});", Request);

    [TestCase("app.Use(async (HttpContext http, Func<Task> next) => await http.FetchAllSessionsAsync());")]
    [TestCase("Func<HttpContext, Task> load = async http => await http.FetchAllSessionsAsync();")]
    public async Task A_lambda_that_becomes_another_delegate_is_not_reported(string lines) => await ExpectAsync(lines, null);

    [TestCase("(HttpContext http) => http.FetchAllSessionsAsync()")]
    [TestCase("async (HttpContext http) => { return await http.FetchAllSessionsAsync(); }")]
    [TestCase("async (HttpContext http) => (await http.FetchAllSessionsAsync())")]
    [TestCase("async (HttpContext http) => (await http.FetchAllSessionsAsync()).Count")]
    [TestCase("async (HttpContext http) => flag ? await http.RevokeOtherSessionsAsync() : await http.RevokeAllSessionsAsync()")]
    [TestCase("async (HttpContext http, string id) => await http.FetchAllSessionsAsync()")]
    [TestCase("async Task<IReadOnlyList<ListedSession>> (HttpContext http) => await http.FetchAllSessionsAsync()")]
    [TestCase("(Delegate)(async (HttpContext http) => await http.FetchAllSessionsAsync())")]
    [TestCase("ListSoonAsync")]
    public async Task A_handler_that_answers_its_value_is_not_reported(string handler) =>
        await ExpectAsync($"app.MapGet(\"/\", {handler});", Route);

    [TestCase("ListAsync")]
    [TestCase("(HttpContext http) => ListAsync(http)")]
    [TestCase("(HttpContext http) => { return ListAsync(http); }")]
    [TestCase("(HttpContext http) => http.FetchAllSessionsAsync().AsTask()")]
    public async Task A_task_with_a_value_is_reported_by_ASP_NET_Core_alone(string handler) =>
        await ExpectAsync($"app.MapGet(\"/\", {handler});", Request, "ASP0016");

    private static async Task ExpectAsync(string lines, string? type, params string[] reports)
    {
        var program = HandlerProgram.Create(lines);

        Assert.That(await program.HandlerTypeAsync(), Is.EqualTo(type));
        Assert.That(await program.ReportsAsync(), Is.EqualTo(reports));
    }
}
