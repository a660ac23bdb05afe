using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class ClientRecordingTests
{
    private static readonly (string, string)[] Browser =
    [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"),
        ("Sec-CH-UA-Platform", "\"Chrome OS\""),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7"),
    ];

    [Test]
    public async Task Address_and_agent_are_recorded_and_hints_count()
    {
        var client = await RecordedAsync(static _ => { });

        Assert.That(client.IPAddress, Is.EqualTo(IPAddress.Parse("198.51.100.1")));
        Assert.That(client.OperatingSystem, Is.EqualTo("Chrome OS").Or.EqualTo("ChromeOS"));
        Assert.That(client.Browser, Is.EqualTo("Chrome"));
        Assert.That(client.Device, Is.EqualTo(DeviceKind.Desktop));
        Assert.That(client.UserAgentHash, Is.EqualTo(Sha256Hash.Compute(System.Text.Encoding.UTF8.GetBytes(Browser[0].Item2))));
    }

    [Test]
    public async Task Neither_is_recorded_where_the_options_say_so()
    {
        var client = await RecordedAsync(o => (o.RecordIPAddress, o.RecordUserAgent) = (false, false));

        Assert.That(client, Is.EqualTo(ClientInfo.Unknown));
    }

    [Test]
    public async Task What_the_caller_says_of_the_client_counts()
    {
        var said = new ClientInfo { Browser = "Our app" };

        Assert.That(await RecordedAsync(static _ => { }, said), Is.EqualTo(said));
    }

    [Test]
    public async Task Sessions_of_one_browser_share_what_it_says()
    {
        await using var app = await SessionApp.StartAsync(
            static app => app.MapPost("/login", static async Task (HttpContext http) => await http.InitSessionAsync("ann")),
            options: static o => o.RecordIPAddress = false
        );
        for (var login = 0; login < 2; login++)
        {
            using var response = await app.SendAsync("POST", "/login", null, Browser);
        }

        var sessions = await app.Administration.FetchAllAsync("ann");
        Assert.That(sessions[0].Client.Browser, Is.EqualTo("Chrome"));
        Assert.That(sessions[1].Client, Is.SameAs(sessions[0].Client));
    }

    private static async Task<ClientInfo> RecordedAsync(Action<SessionUpOptions> options, ClientInfo? explicitClient = null)
    {
        await using var app = await SessionApp.StartAsync(
            app =>
            {
                app.Use(
                    (context, next) =>
                    {
                        context.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:198.51.100.1");
                        return next(context);
                    }
                );
                app.MapPost(
                    "/login",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann", new SessionInit { Client = explicitClient });
                    }
                );
            },
            options: options
        );
        using var response = await app.SendAsync("POST", "/login", null, Browser);
        return (await app.Administration.FetchAllAsync("ann")).Single().Client;
    }
}
