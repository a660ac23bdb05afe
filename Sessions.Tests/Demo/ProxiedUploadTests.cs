using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>
/// An upload through a real nginx, which passes a request on once its body is complete: by then the token that it shows may have been
/// replaced. The network is real, the time is not.
/// </summary>
[Parallelizable]
public sealed class ProxiedUploadTests
{
    // What nginx writes to its log when it has the head of a request and enough of its body.
    private const string BodyIsBuffered = "a client request body is buffered to a temporary file";

    private readonly ConcurrentQueue<SessionRejection> _rejections = new();
    private int _alarms;
    private int _uploads;

    [SetUp]
    public void Reset()
    {
        _rejections.Clear();
        (_alarms, _uploads) = (0, 0);
    }

    [TestCase("00:01:06")]
    [TestCase("00:11:05")]
    public async Task An_upload_that_is_complete_within_the_grace_of_its_token_is_answered_as_any_other(string sinceReplaced)
    {
        await using var app = await StartAsync();
        await using var nginx = await NginxProcess.StartAsync(app.Address);

        var (status, text, _) = await UploadAsync(app, nginx, TimeSpan.Parse(sinceReplaced, null));

        Assert.That((status, text), Is.EqualTo((HttpStatusCode.OK, "65536 bytes")));
        Assert.That(_rejections, Is.Empty);
    }

    [TestCase("00:11:06")]
    [TestCase("01:01:04")]
    public async Task An_upload_that_is_complete_after_the_grace_is_late_and_may_be_sent_again(string sinceReplaced)
    {
        await using var app = await StartAsync();
        await using var nginx = await NginxProcess.StartAsync(app.Address);

        var (status, text, token) = await UploadAsync(app, nginx, TimeSpan.Parse(sinceReplaced, null));

        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(text, Does.Contain("\"reason\":\"late\""));
        Assert.That(_rejections, Is.EqualTo([SessionRejection.Late]));
        using var again = new SlowContent();
        again.SendRest();
        using var client = new HttpClient { BaseAddress = nginx.Address };
        using var response = await SendAsync(client, "POST", token, again);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task<(HttpStatusCode Status, string Text, SessionToken Token)> UploadAsync(
        SessionApp app,
        NginxProcess nginx,
        TimeSpan sinceReplaced
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = nginx.Address };
        var ann = await app.SignInAsync();
        using var body = new SlowContent();
        var upload = SendAsync(client, "POST", ann.Token, body);
        await nginx.WaitForOutputAsync(BodyIsBuffered);

        app.Clock.Advance(TimeSpan.FromHours(1));
        using var rotated = await SendAsync(client, "GET", ann.Token);
        var next = rotated.Token();
        using var delivered = await SendAsync(client, "GET", next);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var confirmed = await SendAsync(client, "GET", next);
        app.Clock.Advance(sinceReplaced - TimeSpan.FromMinutes(1));
        Assert.That(_uploads, Is.Zero, "nginx still has the request.");
        body.SendRest();
        using var response = await upload;

        Assert.That(response.SetCookies(), Is.Empty);
        using var later = await SendAsync(client, "GET", next);
        Assert.That(later.StatusCode, Is.EqualTo(HttpStatusCode.OK), "The owner is signed in.");
        Assert.That((await app.Administration.FetchAllAsync("ann")).Select(session => session.Id), Is.EqualTo([ann.Session.Id]));
        Assert.That(_alarms, Is.Zero);
        return (response.StatusCode, await response.TextAsync(), next);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, SessionToken token, HttpContent? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "/") { Content = body };
        request.Headers.Add("Cookie", $"{SessionHttpOptions.DefaultCookieName}={token.Reveal()}");
        return client.SendAsync(request);
    }

    private Task<SessionApp> StartAsync() =>
        SessionApp.StartAsync(
            app =>
            {
                app.Use(
                    (http, next) =>
                    {
                        _uploads += HttpMethods.IsPost(http.Request.Method) ? 1 : 0;
                        return next(http);
                    }
                );
                app.MapGet("/", () => "in").RequireSession();
                app.MapPost(
                        "/",
                        async (HttpContext http) =>
                        {
                            using var body = new MemoryStream();
                            await http.Request.Body.CopyToAsync(body);
                            return $"{body.Length} bytes";
                        }
                    )
                    .RequireSession();
            },
            options: o =>
            {
                o.Lifetime = TimeSpan.FromDays(14);
                o.Events.OnTokenRejected += rejected =>
                {
                    _rejections.Enqueue(rejected.Reason);
                    return ValueTask.CompletedTask;
                };
                o.Events.OnCopyDetected += _ =>
                {
                    _alarms++;
                    return ValueTask.CompletedTask;
                };
            },
            kestrel: true
        );
}
