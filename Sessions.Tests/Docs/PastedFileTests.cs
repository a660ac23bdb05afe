using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using NUnit.Framework;
using Sessions.Tests.Demo;

namespace Sessions.Tests.Docs;

/// <summary>
/// What a page shows as a whole file does what the page says, pasted as it is into a project that has nothing but the packages.
/// </summary>
[CancelAfter(300_000)]
public sealed class PastedFileTests
{
    private const string Readme = "README.md";
    private static readonly string StorePage = Path.Combine("docs", "stores.md");

    private PackedProject _packed = null!;

    [OneTimeSetUp]
    public async Task PackAsync() =>
        _packed = await PackedProject.PackAsync(default, "Sessions.Core", "Sessions.Sqlite", "Sessions.Memory", "Sessions.Testing");

    [OneTimeTearDown]
    public void Remove() => _packed?.Dispose();

    [Test]
    public void Every_whole_file_on_a_page_is_pasted_here() =>
        Assert.That(SnippetTests.WholeFiles.Select(file => file.Page), Is.EquivalentTo([Readme, StorePage]));

    [Test]
    public async Task The_program_of_the_README_signs_in_lists_and_logs_out(CancellationToken cancellationToken)
    {
        await _packed.CreateAsync("web", "app", "Program.cs", FileOn(Readme), cancellationToken, "Sessions.Sqlite");
        await _packed.RunAsync("app", cancellationToken, "build", "--output", "out");
        _packed.AssertPacked("Sessions.Core");
        await using var app = await DemoProcess.StartProgramAsync(_packed.PathOf("app", "out", "app.dll"));
        using var ann = new DemoClient();

        Assert.That(await ann.StatusAsync(app, HttpMethod.Get, "/me/devices"), Is.EqualTo(HttpStatusCode.Unauthorized));
        using var login = await ann.SendAsync(app, HttpMethod.Post, "/login", new { userId = "ann", remember = true });
        Assert.That(login.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await ReadAsync(ann, app, "/"), Is.EqualTo("ann"));
        var devices = JsonNode.Parse(await ReadAsync(ann, app, "/me/devices"))!.AsArray();
        Assert.That(devices.Select(device => (bool)device!["isCurrent"]!), Is.EqualTo([true]));

        using var logout = await ann.SendAsync(app, HttpMethod.Post, "/logout");
        Assert.That(logout.IsSuccessStatusCode);
        Assert.That(await ReadAsync(ann, app, "/"), Is.EqualTo("stranger"));
    }

    [Test]
    public async Task The_suites_of_the_store_page_are_found_and_pass(CancellationToken cancellationToken)
    {
        await _packed.CreateAsync(
            "classlib",
            "suites",
            "Suites.cs",
            FileOn(StorePage),
            cancellationToken,
            "Sessions.Memory",
            "Sessions.Testing",
            "NUnit3TestAdapter",
            "Microsoft.NET.Test.Sdk"
        );
        await _packed.RunAsync(
            "suites",
            cancellationToken,
            "test",
            "--logger",
            "trx;LogFileName=suites.trx",
            "--results-directory",
            "results"
        );
        _packed.AssertPacked("Sessions.Testing");

        var run = XDocument.Load(_packed.PathOf("suites", "results", "suites.trx")).Root!;
        var counters = run.Descendants(run.Name.Namespace + "Counters").Single();
        Assert.That((int)counters.Attribute("passed")!, Is.GreaterThan(200));
        Assert.That((int)counters.Attribute("failed")!, Is.Zero);
    }

    private static string FileOn(string page) => SnippetTests.WholeFiles.Single(file => file.Page == page).File;

    private static async Task<string> ReadAsync(DemoClient client, DemoProcess app, string path)
    {
        using var response = await client.SendAsync(app, HttpMethod.Get, path);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return await response.Content.ReadAsStringAsync();
    }
}
