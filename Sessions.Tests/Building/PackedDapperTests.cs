using System.Net;
using System.Text.Json;
using NUnit.Framework;
using Sessions.Tests.Demo;
using Sessions.Tests.Docs;

namespace Sessions.Tests.Building;

/// <summary>An application that uses Dapper itself, and not Dapper.AOT, beside the packages of the stores that are made with it.</summary>
[CancelAfter(300_000)]
public sealed class PackedDapperTests
{
    private const string Program = """
        using System.Data;
        using Dapper;
        using Microsoft.Data.Sqlite;
        using Sessions;

        SqlMapper.RemoveTypeMap(typeof(string));
        SqlMapper.AddTypeHandler(new LoudHandler());
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSessionUp().UseSqlite("Data Source=app.db");
        var app = builder.Build();
        app.MapPost("/login", async (HttpContext http) => { await http.InitSessionAsync("ann"); });
        app.MapGet("/", (HttpContext http) => http.GetSession()?.UserKey ?? "stranger").PublicSession();
        app.MapGet("/own", () =>
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            return connection.Query<Row>("SELECT @name AS Name", new { name = "ann" }).Single().Name;
        });
        app.Run();

        class Row
        {
            public string Name { get; set; } = "";
        }

        class LoudHandler : SqlMapper.TypeHandler<string>
        {
            public override void SetValue(IDbDataParameter parameter, string? value) => parameter.Value = value?.ToUpperInvariant();

            public override string Parse(object value) => $"{value}!";
        }
        """;

    private PackedProject _packed = null!;

    [OneTimeSetUp]
    public async Task PackAsync() =>
        _packed = await PackedProject.PackAsync(default, "Sessions.Core", "Sessions.Sqlite", "Sessions.Postgres");

    [OneTimeTearDown]
    public void Remove() => _packed?.Dispose();

    [Test]
    public async Task It_is_compiled_without_Dapper_AOT_and_its_handlers_are_for_its_own_rows(CancellationToken cancellationToken)
    {
        await _packed.CreateAsync("web", "app", "Program.cs", Program, cancellationToken, "Sessions.Sqlite", "Sessions.Postgres", "Dapper");

        await _packed.RunAsync("app", cancellationToken, "build", "--output", "out", "-warnAsError");
        var answer = await _packed.RunAsync(
            "app",
            cancellationToken,
            "build",
            "--no-restore",
            "-t:CoreCompile",
            "-getItem:Analyzer",
            "-getProperty:InterceptorsNamespaces"
        );
        using var compilation = JsonDocument.Parse(answer);
        var analyzers = compilation.RootElement.GetProperty("Items").GetProperty("Analyzer").EnumerateArray().ToList();
        Assert.That(analyzers.Select(PackageOf), Has.Some.EqualTo("Sessions.Core").And.None.EqualTo("Dapper.AOT"));
        Assert.That(
            compilation.RootElement.GetProperty("Properties").GetProperty("InterceptorsNamespaces").GetString(),
            Does.Not.Contain("Dapper")
        );

        await using var app = await DemoProcess.StartProgramAsync(_packed.PathOf("app", "out", "app.dll"));
        using var ann = new DemoClient();
        using var login = await ann.SendAsync(app, HttpMethod.Post, "/login");
        Assert.That(login.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await ReadAsync(ann, app, "/"), Is.EqualTo("ann"));
        Assert.That(await ReadAsync(ann, app, "/own"), Is.EqualTo("ANN!"));
    }

    private static string? PackageOf(JsonElement analyzer) =>
        analyzer.TryGetProperty("NuGetPackageId", out var package) ? package.GetString() : null;

    private static async Task<string> ReadAsync(DemoClient client, DemoProcess app, string path)
    {
        using var response = await client.SendAsync(app, HttpMethod.Get, path);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return await response.Content.ReadAsStringAsync();
    }
}
