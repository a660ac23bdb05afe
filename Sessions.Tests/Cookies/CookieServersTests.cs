using NUnit.Framework;

namespace Sessions.Tests.Cookies;

/// <summary>Servers that share a phrase and nothing else. The same with processes: the demo's journey with a cart.</summary>
public sealed class CookieServersTests
{
    private const string Phrase = "gravel lantern oboe thicket quartz mellow pup";
    private const string NextPhrase = "Wh47 yqzu 0s3d nbvk Lw1m eX6r cT2h gp9j";

    [TestCase("encrypted")]
    [TestCase("signed")]
    public async Task A_session_goes_from_server_to_server_and_back(string protection)
    {
        await using var first = await StartAsync(protection, Phrase);
        await using var second = await StartAsync(protection, Phrase);
        await first.Browser.SendAsync("POST", "/set/1");

        CopyCookie(first, second);
        Assert.That(await second.Browser.GetAsync(), Is.EqualTo("visit 1"));
        await second.Browser.SendAsync("POST", "/set/2");
        CopyCookie(second, first);

        Assert.That(await first.Browser.GetAsync(), Is.EqualTo("visit 2"));
    }

    [TestCase("encrypted")]
    [TestCase("signed")]
    public async Task After_a_change_of_the_phrase_old_sessions_are_read_and_written_with_the_new_one(string protection)
    {
        await using var before = await StartAsync(protection, Phrase);
        await using var during = await StartAsync(protection, NextPhrase, Phrase);
        await using var after = await StartAsync(protection, NextPhrase);
        await before.Browser.SendAsync("POST", "/set/1");

        CopyCookie(before, after);
        Assert.That(await after.Browser.GetAsync(), Is.EqualTo("stranger"));
        CopyCookie(before, during);
        Assert.That(await during.Browser.GetAsync(), Is.EqualTo("visit 1"));
        await during.Browser.SendAsync("POST", "/set/2");
        CopyCookie(during, after);
        Assert.That(await after.Browser.GetAsync(), Is.EqualTo("visit 2"));
    }

    private static Task<CookieApp> StartAsync(string protection, params string[] phrases) =>
        CookieApp.StartAsync(CookieApp.Protection(protection, Array.ConvertAll(phrases, CookieKey.FromPhrase)), kestrel: true);

    private static void CopyCookie(CookieApp from, CookieApp to) =>
        to.Browser.Cookies["__Host-visit"] = from.Browser.Cookies["__Host-visit"];
}
