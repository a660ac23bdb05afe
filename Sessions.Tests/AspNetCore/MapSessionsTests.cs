using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class MapSessionsTests
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static readonly string[] Fields =
    [
        "id",
        "isCurrent",
        "createdAt",
        "lastSeenAt",
        "expiresAt",
        "ipAddress",
        "operatingSystem",
        "browser",
        "device",
    ];

    private static readonly string[] Devices = ["Unknown", "Mobile"];

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_list_has_its_own_shape_whatever_the_JSON_options_of_the_application(bool odd)
    {
        await using var app = await StartAsync(services: services =>
            services.ConfigureHttpJsonOptions(json =>
            {
                if (odd)
                {
                    json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper;
                    json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault;
                }
            })
        );
        var ann = await app.SignInAsync();
        await app.SignInAsync(
            "ann",
            new SessionInit
            {
                Client = new()
                {
                    OperatingSystem = "Android",
                    Browser = "Chrome",
                    Device = DeviceKind.Mobile,
                },
            }
        );

        using var response = await app.SendAsync("GET", "/sessions", ann.Token);

        var list = await response.JsonAsync();
        Assert.That(list.GetArrayLength(), Is.EqualTo(2));
        Assert.That(list[0].EnumerateObject().Select(field => field.Name), Is.EqualTo(Fields));
        Assert.That(
            list.EnumerateArray().Single(item => item.GetProperty("isCurrent").GetBoolean()).GetProperty("id").GetString(),
            Is.EqualTo(ann.Session.Id.ToString())
        );
        Assert.That(list.EnumerateArray().Select(item => item.GetProperty("device").GetString()), Is.EquivalentTo(Devices));
        Assert.That(list[0].GetProperty("createdAt").GetDateTimeOffset(), Is.EqualTo(ann.Session.CreatedAt));
    }

    [Test]
    public async Task A_client_is_listed_with_what_it_said_of_itself()
    {
        await using var app = await StartAsync();
        using var login = await app.SendAsync("POST", "/login", null, ("User-Agent", Firefox));

        using var response = await app.SendAsync("GET", "/sessions", login.Token());

        var session = (await response.JsonAsync())[0];
        Assert.That(session.GetProperty("operatingSystem").GetString(), Is.EqualTo("Linux"));
        Assert.That(session.GetProperty("browser").GetString(), Is.EqualTo("Firefox"));
        Assert.That(session.GetProperty("device").GetString(), Is.EqualTo("Desktop"));
    }

    [Test]
    public async Task Values_are_listed_only_where_the_application_names_their_keys()
    {
        await using var app = await StartAsync(options: o => o.ListedValues.Add("label"));
        var ann = await app.SignInAsync(
            "ann",
            new SessionInit { Values = SessionValues.Empty.Set("label", "Work laptop").Set("secret", "s3cr3t") }
        );

        var list = await app.GetAsync("/sessions", ann.Token);

        Assert.That(list, Does.Contain("\"values\":{\"label\":\"Work laptop\"}").And.Not.Contain("s3cr3t"));
    }

    [Test]
    public async Task No_answer_holds_a_token_or_a_hash()
    {
        await using var app = await StartAsync();
        var (ann, other) = (await app.SignInAsync(), await app.SignInAsync());

        var answers = new List<string>();
        foreach (var (method, path) in new[] { ("GET", ""), ("DELETE", $"/{other.Session.Id}"), ("DELETE", "/others"), ("DELETE", "") })
        {
            using var response = await app.SendAsync(method, "/sessions" + path, ann.Token);
            answers.Add(response + await response.TextAsync());
        }

        var all = string.Join('\n', answers);
        foreach (var issued in new[] { ann, other })
        {
            var credential = issued.Session.Credential;
            Assert.That(all, Does.Not.Contain(issued.Token.Reveal()[SessionId.Length..]));
            foreach (var hash in new[] { credential.Current.ToArray(), credential.Lineage.ToArray() })
            {
                Assert.That(
                    all,
                    Does.Not.Contain(Convert.ToBase64String(hash)[..16]).And.Not.Contain(Convert.ToHexString(hash)[..16]).IgnoreCase
                );
            }
        }
    }

    [Test]
    public async Task One_of_ones_own_is_ended_by_its_id()
    {
        await using var app = await StartAsync();
        var (ann, other) = (await app.SignInAsync(), await app.SignInAsync());

        using var response = await app.SendAsync("DELETE", $"/sessions/{other.Session.Id}", ann.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Id, Is.EqualTo(ann.Session.Id));
    }

    [Test]
    public async Task Foreign_unknown_and_malformed_ids_are_404_alike()
    {
        await using var app = await StartAsync();
        var (ann, eve) = (await app.SignInAsync(), await app.SignInAsync("eve"));

        var answers = new List<string>();
        foreach (var id in new[] { ann.Session.Id.ToString(), SessionId.Create("eve").ToString(), "x", "%20", new string('a', 300) })
        {
            using var response = await app.SendAsync("DELETE", $"/sessions/{id}", eve.Token);
            Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.NotFound)));
            answers.Add(response.Headers + await response.TextAsync());
        }

        Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    [TestCase("current")]
    [TestCase("ID")]
    public async Task This_session_is_ended_and_its_cookie_taken_back(string id)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("DELETE", $"/sessions/{(id == "ID" ? ann.Session.Id : id)}", ann.Token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.ClearsCookie(), Is.True);
        Assert.That(await app.Administration.FetchAllAsync("ann"), Is.Empty);
    }

    [TestCase("/others", 2, 1)]
    [TestCase("", 3, 0)]
    public async Task Others_and_all_return_how_many_were_ended(string path, int revoked, int left)
    {
        await using var app = await StartAsync();
        var (ann, _, _) = (await app.SignInAsync(), await app.SignInAsync(), await app.SignInAsync());
        await app.SignInAsync("eve");

        using var response = await app.SendAsync("DELETE", "/sessions" + path, ann.Token);

        Assert.That(await response.TextAsync(), Is.EqualTo($"{{\"revoked\":{revoked}}}"));
        Assert.That(response.ClearsCookie(), Is.EqualTo(left == 0));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(left));
        Assert.That(await app.Administration.FetchAllAsync("eve"), Has.Count.EqualTo(1));
    }

    [TestCase("GET", "")]
    [TestCase("DELETE", "")]
    [TestCase("DELETE", "/current")]
    [TestCase("DELETE", "/others")]
    [TestCase("DELETE", "/AAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_request_without_a_session_gets_401(string method, string path)
    {
        await using var app = await StartAsync();

        using var response = await app.SendAsync(method, "/sessions" + path);

        Assert.That(await response.ProblemAsync(), Is.EqualTo(HttpResponseMessageExtensions.Problem(HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Another_site_cannot_end_anything()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        using var response = await app.SendAsync("DELETE", "/sessions", ann.Token, ("Sec-Fetch-Site", "cross-site"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await app.Administration.FetchAllAsync("ann"), Has.Count.EqualTo(1));
    }

    private static Task<SessionApp> StartAsync(Action<SessionUpOptions>? options = null, Action<IServiceCollection>? services = null) =>
        SessionApp.StartAsync(
            app =>
            {
                app.MapSessions("/sessions");
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                    }
                );
            },
            options: options,
            services: services
        );
}
