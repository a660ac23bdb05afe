using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Tokens;

public sealed class TokenCookieTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_started_token_is_the_cookie_and_is_read_back()
    {
        var cookie = new TokenCookie();
        var token = cookie.Issue(Request(out var response));
        var set = Set(response);

        Assert.That(set.ToString(), Is.EqualTo($"__Host-token={RandomToken.Encode(token)}; path=/; secure; samesite=lax; httponly"));
        Assert.That(token, Has.Length.EqualTo(32));
        Assert.That(cookie.Read(Showing($"a=b; {set.Name}={set.Value}")), Is.EqualTo(token));
    }

    [Test]
    public void Each_start_makes_another_token()
    {
        var cookie = new TokenCookie();

        var (first, second) = (cookie.Issue(Request(out _)), cookie.Issue(Request(out _)));

        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void The_template_says_name_attributes_and_lifetime_and_clearing_restates_them()
    {
        var template = new CookieBuilder
        {
            Name = "session",
            Path = "/app",
            Domain = "example.com",
            HttpOnly = true,
            SecurePolicy = CookieSecurePolicy.Always,
            SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
            Expiration = TimeSpan.FromHours(2),
        };
        var cookie = new TokenCookie(template, 24, time: new ManualTimeProvider(Now));
        var token = cookie.Issue(Request(out var started));
        cookie.Delete(Request(out var cleared));

        const string attributes = "domain=example.com; path=/app; secure; samesite=strict; httponly";
        Assert.That(token, Has.Length.EqualTo(24));
        Assert.That(
            Set(started).ToString(),
            Is.EqualTo($"session={RandomToken.Encode(token)}; expires=Sun, 01 Feb 2026 14:00:00 GMT; {attributes}")
        );
        Assert.That(Set(cleared).ToString(), Is.EqualTo($"session=; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=0; {attributes}"));
    }

    [TestCase("", Description = "none")]
    [TestCase("__Host-token=")]
    [TestCase("__host-token=AAAAAAAAAAAAAAAAAAAAAA", Description = "another name")]
    [TestCase("__Host-token=AAAAAAAAAAAAAAAAAAAAA", Description = "too short")]
    [TestCase("__Host-token=AAAAAAAAAAAAAAAAAAAAAAA", Description = "too long")]
    [TestCase("__Host-token=AAAAAAAAAAAAAAAAAAAAAB", Description = "another spelling")]
    [TestCase("__Host-token=AAAAAAAAAAAAAAAAAAAAAA==", Description = "padding")]
    [TestCase("__Host-token=\"AAAAAAAAAAAAAAAAAAAA\"")]
    [TestCase("__Host-token=AAAAAAAAAAAAAAAAAAAAAA; __Host-token=BBBBBBBBBBBBBBBBBBBBBA", Description = "one of them was planted")]
    public void Anything_else_is_no_token(string header)
    {
        var cookie = new TokenCookie(bytes: 16);

        Assert.That(cookie.Read(Showing("__Host-token=AAAAAAAAAAAAAAAAAAAAAA")), Is.EqualTo(new byte[16]));
        Assert.That(cookie.Read(Showing(header)), Is.Null);
    }

    [Test]
    public void A_cookie_that_no_browser_would_keep_is_refused_at_once()
    {
        Assert.That(() => new TokenCookie(new CookieBuilder()), Throws.ArgumentException.With.Message.Contains("Cookie.Name"));
        Assert.That(
            () => new TokenCookie(new CookieBuilder { Name = "__Host-a" }),
            Throws.ArgumentException.With.Message.Contains("Secure")
        );
        Assert.That(() => new TokenCookie(bytes: 15), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static DefaultHttpContext Request(out HttpResponse response)
    {
        var context = new DefaultHttpContext();
        response = context.Response;
        return context;
    }

    private static DefaultHttpContext Showing(string cookies) => new() { Request = { Headers = { Cookie = cookies } } };

    private static SetCookieHeaderValue Set(HttpResponse response) =>
        SetCookieHeaderValue.ParseList([.. response.Headers.SetCookie!]).Single();
}
