using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Sessions.Tests.Demo;

/// <summary>What a newcomer does with the demo, from the outside.</summary>
public sealed partial class DemoTests
{
    private string _folder = null!;

    // Servers are shared with other tests; nobody else has her name.
    private string _ann = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("sessions-demo-").FullName;
        _ann = Path.GetFileName(_folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(Stores))]
    public async Task Two_devices_of_a_user_see_each_other_and_one_ends_the_other(string store)
    {
        await using var demo = await StartAsync(store);
        using var laptop = new DemoClient();
        using var phone = new DemoClient();
        using var login = await laptop.LogInAsync(demo, _ann);
        await phone.LogInAsync(demo, _ann);

        Assert.That(login.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var seenByLaptop = await laptop.ListAsync(demo);
        var seenByPhone = await phone.ListAsync(demo);
        Assert.That(seenByLaptop.Select(Current), Is.EqualTo([true, false]));
        Assert.That(seenByPhone.Select(Current), Is.EqualTo([false, true]));
        Assert.That(seenByLaptop.Select(Id), Is.EqualTo(seenByPhone.Select(Id)));

        Assert.That(
            await laptop.StatusAsync(demo, HttpMethod.Delete, $"/api/sessions/{Id(seenByLaptop[1])}"),
            Is.EqualTo(HttpStatusCode.NoContent)
        );
        using var ended = await phone.SendAsync(demo, HttpMethod.Get, "/api/me");

        Assert.That(ended.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(ended.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(phone.Cookie, Is.Not.Null, "The dead cookie is left alone.");
        Assert.That(await laptop.StatusAsync(demo, HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCaseSource(nameof(PersistentStores))]
    public async Task After_a_kill_and_a_restart_the_remaining_session_works_and_nothing_else_does(string store)
    {
        using var laptop = new DemoClient();
        using var phone = new DemoClient();
        using var tablet = new DemoClient();
        await using (var demo = await StartAsync(store))
        {
            await laptop.LogInAsync(demo, _ann);
            await phone.LogInAsync(demo, _ann);
            await tablet.LogInAsync(demo, _ann);
            var sessions = await laptop.ListAsync(demo);
            await laptop.SendAsync(demo, HttpMethod.Delete, $"/api/sessions/{Id(sessions[1])}");
            await laptop.SendAsync(demo, HttpMethod.Delete, $"/api/sessions/{Id(sessions[2])}");
            await demo.KillAsync();
        }

        await using var again = await StartAsync(store);

        Assert.That(await laptop.StatusAsync(again, HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await laptop.ListAsync(again), Has.Count.EqualTo(1));
        Assert.That(await phone.StatusAsync(again, HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await tablet.StatusAsync(again, HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task The_file_holds_no_bytes_of_an_issued_secret()
    {
        using var client = new DemoClient();
        string token;
        await using (var demo = await StartAsync("sqlite"))
        {
            await client.LogInAsync(demo, "ann");
            token = client.Token;
            await demo.KillAsync();
        }

        // Behind id, lineage and generation; twenty characters are whole bytes.
        var secret = token.Substring(SessionId.Length + 11 + 4, 20);
        var files = Directory.GetFiles(_folder).Select(File.ReadAllBytes).ToList();
        Assert.That(
            files.Any(bytes => Holds(bytes, Encoding.ASCII.GetBytes(token[..SessionId.Length]))),
            "The id is there: the search finds what is."
        );
        Assert.That(files.Any(bytes => Holds(bytes, Encoding.ASCII.GetBytes(secret))), Is.False);
        Assert.That(files.Any(bytes => Holds(bytes, System.Buffers.Text.Base64Url.DecodeFromChars(secret))), Is.False);
    }

    [Test]
    public async Task A_browser_without_a_session_is_led_to_the_login_page_and_back()
    {
        await using var demo = await StartAsync("memory");
        using var browser = new DemoClient();

        using var led = await browser.SendAsync(
            demo,
            HttpMethod.Get,
            "/devices",
            null,
            ("Sec-Fetch-Mode", "navigate"),
            ("Accept", "text/html")
        );
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "ann")]);
        using var back = await browser.SendAsync(
            demo,
            HttpMethod.Post,
            led.Headers.Location!.ToString(),
            form,
            ("Sec-Fetch-Site", "same-origin")
        );

        Assert.That(led.Headers.Location?.ToString(), Is.EqualTo("/login?returnUrl=%2Fdevices"));
        Assert.That(back.Headers.Location?.ToString(), Is.EqualTo("/devices"));
        Assert.That(await browser.StatusAsync(demo, HttpMethod.Get, "/devices"), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_name_is_shown_as_it_was_given_and_never_as_markup()
    {
        await using var demo = await StartAsync("memory");
        using var browser = new DemoClient();
        await browser.LogInAsync(demo, "<script>alert(1)</script>");

        using var page = await browser.SendAsync(demo, HttpMethod.Get, "/");

        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("&lt;script&gt;").And.Not.Contain("<script"));
    }

    [Test]
    public async Task Bad_input_is_refused_and_clearly()
    {
        await using var demo = await StartAsync("memory");
        using var client = new DemoClient();

        using var nameless = await client.LogInAsync(demo, " ");
        using var malformed = await client.SendAsync(
            demo,
            HttpMethod.Post,
            "/api/login",
            new StringContent("{", Encoding.UTF8, "application/json")
        );

        var noForm = await client.StatusAsync(demo, HttpMethod.Post, "/login");

        Assert.That((nameless.StatusCode, malformed.StatusCode), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
        Assert.That(noForm, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That(await nameless.Content.ReadAsStringAsync(), Does.Contain("Please give a name."));
    }

    [TestCase("--store", "mongo", "Unknown store mongo")]
    [TestCase("--stroe", "memory", "Unknown option --stroe")]
    [TestCase("--lifetime", "soon", "--lifetime soon")]
    [TestCase("--lifetime", "-01:00:00", "--lifetime -01:00:00")]
    [TestCase("--lifetime", "00:00:00.1", "Lifetime is 00:00:00.1")]
    [TestCase("--idle", "soon", "--idle soon")]
    [TestCase("--idle", "15.00:00:00", "IdleTimeout")]
    [TestCase("--rotate-after", "never", "--rotate-after never")]
    [TestCase("--rotate-after", "00:00:59", "RotateAfter")]
    [TestCase("--rotation-grace", "00:00:09", "RotationGrace")]
    [TestCase("--reuse-window", "00:00:01", "ReuseWindow")]
    [TestCase("--connection", "Nonsense", "onnection")]
    [TestCase("--urls", "nonsense", "--urls nonsense")]
    [TestCase("--urls", "http://localhost:99999", "--urls http://localhost:99999")]
    [TestCase("--urls", "http://localhost:5080/demo", "--urls http://localhost:5080/demo")]
    public async Task A_bad_option_is_one_clear_line_and_exit_code_2(string option, string value, string message)
    {
        var (exitCode, error) = await DemoProcess.RunAsync(option, value);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error.TrimEnd(), Does.Contain(message).And.Not.Contain('\n'));
    }

    private static bool Current(JsonNode? session) => (bool)session!["isCurrent"]!;

    private static string Id(JsonNode? session) => (string)session!["id"]!;

    private static bool Holds(byte[] file, byte[] bytes) => file.AsSpan().IndexOf(bytes) >= 0;
}
