using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.Cookies;

namespace Sessions.Tests.Cookies;

/// <summary>What is wrong stops the host, in a sentence that says what to do.</summary>
public sealed class CookieOptionsTests
{
    private static IEnumerable<TestCaseData<Action<CookieSessionOptions>, string>> InvalidOptions()
    {
        yield return Named("no phrase", o => o.Encrypt(CookieKey.FromPhrase(null)), "A key phrase is missing");
        yield return Named("no key", o => o.Sign(), "There is no key; give Encrypt or Sign one");
        yield return Named("short phrase", o => o.Encrypt(CookieKey.FromPhrase("correct horse battery staple")), "has 2");
        yield return Named("second phrase short", o => o.Encrypt(CookieApp.Key(), CookieKey.FromPhrase("hunter2")), "and needs 32");
        yield return Named("short key", o => o.Sign(CookieKey.FromBytes(new byte[31])), "A key has 31 bytes; give it 32 random ones");
        yield return Named(
            "key of zeros",
            o => o.Sign(CookieKey.FromBytes(new byte[64])),
            "has only 1 different ones, so it is not random"
        );
        yield return Named(
            "key that counts",
            o => o.Sign(CookieKey.FromBytes([.. Enumerable.Range(0, 32).Select(static i => (byte)i)])),
            "goes on in equal steps"
        );
        yield return Named(
            "key of text",
            o => o.Sign(CookieKey.FromBytes("0123456789abcdef0123456789abcdef"u8)),
            "is text; decode it, if it is hexadecimal or base64, or give it to FromPhrase"
        );
        yield return Named("scripts cannot read", o => o.Cookie.HttpOnly = false, "let them read what is signed with Sign");
        yield return Named(
            "no time",
            o => o.Lifetime = TimeSpan.Zero,
            "Lifetime is 00:00:00; set it to something from 1 second to 400 days"
        );
        yield return Named("too long", o => o.Lifetime = TimeSpan.FromDays(401), "Lifetime is 401.00:00:00");
        yield return Named("idle for longer than it lives", o => o.IdleTimeout = TimeSpan.FromDays(8), "IdleTimeout is 8.00:00:00");
        yield return Named("negative tolerance", o => o.ClockTolerance = TimeSpan.FromSeconds(-1), "ClockTolerance is -00:00:01");
        yield return Named("no chunks", o => o.MaxChunks = 0, "MaxChunks is 0; set it to something from 1 to 7");
        yield return Named("more chunks than headers hold", o => o.MaxChunks = 8, "MaxChunks is 8");
        yield return Named("name", o => o.Cookie.Name = "a b", "Cookie.Name is \"a b\"");
        yield return Named("prefix", o => (o.Cookie.Name, o.Cookie.Path) = ("__Host-x", "/app"), "begins with __Host-");
        yield return Named(
            "secure prefix",
            o => (o.Cookie.Name, o.Cookie.SecurePolicy) = ("__Secure-x", CookieSecurePolicy.None),
            "begins with __Secure-"
        );
        yield return Named(
            "None without Secure",
            o =>
            {
                o.UseDevelopmentCookie();
                o.Cookie.SameSite = SameSiteMode.None;
            },
            "Cookie.SameSite is None"
        );
        yield return Named("time of the cookie", o => o.Cookie.MaxAge = TimeSpan.FromDays(1), "leave both out and set Lifetime");
        yield return Named("path", o => o.Cookie.Path = "app", "let it begin with \"/\"");
    }

    [TestCaseSource(nameof(InvalidOptions))]
    public void Options_that_cannot_work_stop_the_host(Action<CookieSessionOptions> wrong, string message) =>
        Assert.That(
            () => CookieApp.StartAsync(wrong),
            Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith("Cookie sessions \"visit\": ").And.Message.Contains(message)
        );

    [TestCase("gravel lantern oboe thicket quartz mellow pup", ExpectedResult = true)]
    [TestCase("3q2+7wAAu1x9dGhpcyBpcyBub3QgcmFuZG9tIQ==", ExpectedResult = true)]
    [TestCase("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", ExpectedResult = true)]
    [TestCase("correct horse battery staple", ExpectedResult = false)]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ExpectedResult = false)]
    [TestCase("abcdefghijklmnopqrstuvwxyz0123456789zyxwvutsrqponmlkjihgfedcba", ExpectedResult = false)]
    [TestCase("passwordpasswordPASSWORDpasswordpasswordpassword", ExpectedResult = false)]
    [TestCase("12345678901234567890123456789012345678901234567890", ExpectedResult = false)]
    [TestCase("                                                  ", ExpectedResult = false)]
    public bool A_phrase_needs_32_characters_that_do_not_follow_from_what_came_before(string phrase) =>
        PhraseStrength.FindWeakness(phrase) is null;

    [Test]
    public async Task The_host_starts_with_what_is_strong_enough()
    {
        await using var app = await CookieApp.StartAsync(o =>
            o.Encrypt(CookieKey.FromPhrase("gravel lantern oboe thicket quartz mellow pup"))
        );

        await app.Browser.SendAsync("POST", "/set/1");
        Assert.That(await app.Browser.GetAsync(), Is.EqualTo("visit 1"));
    }

    [Test]
    public async Task What_is_signed_may_be_given_to_scripts()
    {
        await using var app = await CookieApp.StartAsync(o =>
        {
            o.Sign(CookieApp.Key());
            o.Cookie.HttpOnly = false;
        });

        using var response = await app.Browser.SendAsync("POST", "/set/1");

        Assert.That(response.Headers.GetValues("Set-Cookie").Single(), Does.Not.Contain("httponly"));
    }

    [Test]
    public void Two_names_with_one_cookie_stop_the_host() =>
        Assert.That(
            () =>
                CookieApp.StartAsync(services: services => services.AddCookieSessions<Visit>("other", o => o.Cookie.Name = "__HOST-visit")),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("\"visit\" and \"other\" share the cookie")
        );

    [TestCase("visit.1")]
    [TestCase("VISIT.6")]
    public void A_name_that_would_be_a_chunk_of_another_stops_the_host(string name) =>
        Assert.That(
            () => CookieApp.StartAsync(services: services => services.AddCookieSessions<Visit>(name)),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains($"\"visit\" and \"{name}\" share the cookie")
        );

    [Test]
    public void A_name_that_is_no_chunk_of_another_is_free() =>
        Assert.That(
            async () =>
                await (await CookieApp.StartAsync(services: services => services.AddCookieSessions<Visit>("visit.7"))).DisposeAsync(),
            Throws.Nothing
        );

    [Test]
    public void A_name_keeps_one_type_of_data()
    {
        var services = new ServiceCollection().AddCookieSessions<Visit>("visit");

        Assert.That(() => services.AddCookieSessions<Visit>("visit"), Throws.Nothing, "more options for the same");
        Assert.That(
            () => services.AddCookieSessions("visit"),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("keep Visit already")
        );
    }

    [Test]
    public async Task Sessions_that_were_not_added_or_not_named_are_an_error_that_says_so()
    {
        await using var app = await CookieApp.StartAsync(
            services: services => services.AddCookieSessions<Visit>("other"),
            map: app =>
            {
                app.MapGet("/unknown", (HttpContext http) => Message(() => _ = http.GetCookieSession<List<int>>()));
                app.MapGet("/values", (HttpContext http) => Message(() => http.GetCookieSession()));
                app.MapGet("/misspelt", (HttpContext http) => Message(() => http.GetCookieSession<Visit>("vist")));
                app.MapGet("/unnamed", (HttpContext http) => Message(() => http.GetCookieSession<Visit>()));
            }
        );

        Assert.That(await app.Browser.GetAsync("/unknown"), Does.Contain("No cookie sessions keep List"));
        Assert.That(await app.Browser.GetAsync("/values"), Does.Contain("No cookie sessions keep values by key. Call AddCookieSessions"));
        Assert.That(await app.Browser.GetAsync("/misspelt"), Does.Contain("No cookie sessions named \"vist\" keep Visit"));
        Assert.That(await app.Browser.GetAsync("/unnamed"), Does.Contain("Several cookie sessions keep Visit; say the name"));
    }

    [Test]
    public void A_key_does_not_print_itself() => Assert.That(CookieApp.Key().ToString(), Is.EqualTo("CookieKey (redacted)"));

    private static string Message(Action read) => Assert.Throws<SessionConfigurationException>(read)!.Message;

    private static TestCaseData<Action<CookieSessionOptions>, string> Named(
        string name,
        Action<CookieSessionOptions> wrong,
        string message
    ) => new TestCaseData<Action<CookieSessionOptions>, string>(wrong, message).SetArgDisplayNames(name);
}
