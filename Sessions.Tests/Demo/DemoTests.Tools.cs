using System.Net;
using NUnit.Framework;

namespace Sessions.Tests.Demo;

/// <content>The pages that show what needs no session: passwords and tokens.</content>
public sealed partial class DemoTests
{
    [Test]
    public async Task The_home_page_leads_to_the_passwords_and_the_tokens()
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory");
        using var browser = new DemoClient();
        var home = await PageAsync(browser, demo, "/");

        Assert.That(home, Does.Contain("href=\"/password\"").And.Contains("href=\"/tokens\""));
        Assert.That(
            await PageAsync(browser, demo, "/password"),
            Does.Contain("method=\"post\" action=\"/password\"").And.Contains("type=\"password\"")
        );
        Assert.That(browser.Cookie, Is.Null, "Nobody has to sign in for it.");
    }

    [TestCase("football", "", "TooShort,Compromised")]
    [TestCase("defghijklmnopqrstu", "", "Sequential")]
    [TestCase("zwiebelfisch-2026", "zwiebelfisch@example.com", "Name")]
    [TestCase("sessions.sessions!", "", "Name")]
    [TestCase("correct horse battery staple", "zwiebelfisch", null)]
    public async Task A_password_is_judged_and_neither_shown_nor_kept_nor_logged(string password, string name, string? reasons)
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory");
        using var browser = new DemoClient();
        using var form = new FormUrlEncodedContent([new("password", password), new("name", name)]);
        using var answer = await browser.SendAsync(demo, HttpMethod.Post, "/password", form);
        var page = await answer.Content.ReadAsStringAsync();
        await demo.KillAsync();

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page, reasons is null ? Does.Contain("This one will do.") : Does.Contain("role=\"alert\""));
        Assert.That(
            (reasons ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Has.All.Matches<string>(reason => page.Contains($"<code>{reason}</code>", StringComparison.Ordinal))
        );
        Assert.That(page, Does.Not.Contain(password));
        Assert.That(demo.Output, Has.Some.Contains("Now listening").And.None.Contains(password));
    }

    [Test]
    public async Task Each_load_of_the_tokens_makes_others_and_reads_them_back()
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory");
        using var browser = new DemoClient();
        var first = Codes(await PageAsync(browser, demo, "/tokens"));
        var second = Codes(await PageAsync(browser, demo, "/tokens"));

        Assert.That((string[])[.. first, .. second], Is.Unique.And.Length.EqualTo(8));
        Assert.That(RandomToken.TryDecode(first[0], out var token), Is.True);
        Assert.That(first[1], Does.Match("^[0-9A-Za-z]{22}$"));
        Assert.That((string[])[first[2], first[3], second[2], second[3]], Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(
            await ReadAsync(browser, demo, first[0]),
            Does.Contain($"A token of 32 bytes: <code>{Convert.ToHexStringLower(token!)}</code>")
        );
        Assert.That(await ReadAsync(browser, demo, first[2]), Does.Contain("A sortable id, made on <time"));
        Assert.That(await ReadAsync(browser, demo, first[0] + "="), Does.Contain("neither a token nor a sortable id"));
        Assert.That(await ReadAsync(browser, demo, new string('A', 1_000_000)), Does.Contain("neither a token nor a sortable id"));
    }

    [TestCase("/password")]
    [TestCase("/tokens")]
    public async Task What_is_no_form_is_refused(string path)
    {
        await using var demo = await DemoProcess.StartAsync("--store", "memory");
        using var browser = new DemoClient();
        using var answer = await browser.SendAsync(demo, HttpMethod.Post, path, new { text = "a" });

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    private static string[] Codes(string page) =>
        [.. page.Split("<article").Skip(1).SelectMany(article => article.Split("<code>")[1].Split("</code>")[0].Split(' '))];

    private static async Task<string> ReadAsync(DemoClient client, DemoProcess demo, string text)
    {
        using var form = new FormUrlEncodedContent([new("text", text)]);
        using var answer = await client.SendAsync(demo, HttpMethod.Post, "/tokens", form);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }
}
