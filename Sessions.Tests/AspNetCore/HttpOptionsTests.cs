using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class HttpOptionsTests
{
    private static IEnumerable<TestCaseData<Action<SessionHttpOptions>, string>> InvalidOptions()
    {
        yield return Named("space", h => h.Cookie.Name = "a b", "Cookie.Name is \"a b\"");
        yield return Named(
            "domain",
            h => (h.Cookie.Name, h.Cookie.Domain) = ("__Host-x", "example.com"),
            "set Cookie.SecurePolicy to Always, Cookie.Path to \"/\" and leave Cookie.Domain out"
        );
        yield return Named("path", h => (h.Cookie.Name, h.Cookie.Path) = ("__Host-x", "/app"), "begins with __Host-");
        yield return Named(
            "same as request",
            h => (h.Cookie.Name, h.Cookie.SecurePolicy) = ("__Host-x", CookieSecurePolicy.SameAsRequest),
            "begins with __Host-"
        );
        yield return Named("http prefix", h => (h.Cookie.Name, h.Cookie.HttpOnly) = ("__Http-x", false), "begins with __Http-");
        yield return Named("host and http prefix", h => (h.Cookie.Name, h.Cookie.HttpOnly) = ("__Host-Http-x", false), "__Host-Http-");
        yield return Named("host and http prefix with a path", h => (h.Cookie.Name, h.Cookie.Path) = ("__Host-Http-x", "/a"), "__Host-");
        yield return Named("what to clear", h => h.ClearOnSignOut = (ClearedSiteData)8, "ClearOnSignOut is 8");
        yield return Named("prefix in capitals", h => (h.Cookie.Name, h.Cookie.Path) = ("__HOST-x", "/app"), "begins with __Host-");
        yield return Named(
            "secure prefix",
            h => (h.Cookie.Name, h.Cookie.SecurePolicy) = ("__secure-x", CookieSecurePolicy.None),
            "begins with __Secure-"
        );
        yield return Named(
            "None without Secure",
            h => (h.Cookie.Name, h.Cookie.SameSite, h.Cookie.SecurePolicy) = ("sid", SameSiteMode.None, CookieSecurePolicy.SameAsRequest),
            "Cookie.SameSite is None"
        );
        yield return Named("expiration", h => h.Cookie.Expiration = TimeSpan.FromDays(1), "set SessionUpOptions.Lifetime");
        yield return Named("max age", h => h.Cookie.MaxAge = TimeSpan.FromDays(1), "set SessionUpOptions.Lifetime");
        yield return Named("relative path", h => (h.Cookie.Name, h.Cookie.Path) = ("sid", "app"), "Cookie.Path is \"app\"");
        yield return Named("no scheme", h => h.AllowedOrigins.Add("app.example.com"), "\"app.example.com\", which is no origin");
        yield return Named("slash", h => h.AllowedOrigins.Add("https://app.example.com/"), "which is no origin");
        yield return Named("path in origin", h => h.AllowedOrigins.Add("https://app.example.com/x"), "which is no origin");
        yield return Named("wildcard", h => h.AllowedOrigins.Add("https://*.example.com"), "which is no origin");
        yield return Named("ftp", h => h.AllowedOrigins.Add("ftp://app.example.com"), "which is no origin");
        yield return Named("null", h => h.AllowedOrigins.Add("null"), "which is no origin");
        yield return Named("star", h => h.AllowedOrigins.Add("*"), "which is no origin");
        yield return Named("relative login", h => h.LoginPath = "login", "LoginPath is \"login\"");
        yield return Named("absolute login", h => h.LoginPath = "https://id.example.com/", "LoginPath is");
        yield return Named("two slashes", h => h.LoginPath = "//id.example.com/", "LoginPath is");
        yield return Named("no parameter", h => h.ReturnUrlParameter = " ", "ReturnUrlParameter is empty");

        static TestCaseData<Action<SessionHttpOptions>, string> Named(string name, Action<SessionHttpOptions> configure, string sentence)
        {
            var data = new TestCaseData<Action<SessionHttpOptions>, string>(configure, sentence);
            data.SetArgDisplayNames(name);
            return data;
        }
    }

    [TestCaseSource(nameof(InvalidOptions))]
    public void What_cannot_work_stops_the_host_with_a_sentence_that_says_what_to_do(Action<SessionHttpOptions> configure, string sentence)
    {
        Assert.That(
            () => SessionApp.StartAsync(static _ => { }, configure),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(sentence)
        );
    }

    private static IEnumerable<TestCaseData<Action<SessionHttpOptions>>> ValidOptions()
    {
        yield return Named(h => (h.Cookie.Name, h.Cookie.SecurePolicy) = ("sid", CookieSecurePolicy.SameAsRequest), "no prefix, no Secure");
        yield return Named(
            h => (h.Cookie.Name, h.Cookie.Domain, h.Cookie.Path) = ("__Secure-sid", "example.com", "/app"),
            "__Secure- with a domain"
        );
        yield return Named(h => h.Cookie.SameSite = SameSiteMode.None, "SameSite=None with Secure");
        yield return Named(h => h.Cookie.Name = "__Host-Http-sid", "__Host-Http-");
        yield return Named(h => (h.Cookie.Name, h.Cookie.Domain) = ("__Http-sid", "example.com"), "__Http- with a domain");
        yield return Named(h => h.AllowedOrigins.Add("http://[::1]:3000"), "an IPv6 origin");
        yield return Named(h => h.LoginPath = "/login?hint=session", "a login path with a query");

        static TestCaseData<Action<SessionHttpOptions>> Named(Action<SessionHttpOptions> configure, string name)
        {
            var data = new TestCaseData<Action<SessionHttpOptions>>(configure);
            data.SetArgDisplayNames(name);
            return data;
        }
    }

    [TestCaseSource(nameof(ValidOptions))]
    public async Task What_works_is_let_through(Action<SessionHttpOptions> configure)
    {
        await using var app = await SessionApp.StartAsync(static app => app.MapGet("/", () => "up"), configure);

        Assert.That(await app.GetAsync("/"), Is.EqualTo("up"));
    }

    [Test]
    public async Task The_options_bind_from_configuration()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Http:Cookie:Name"] = "sid",
                    ["Http:Cookie:SameSite"] = "Strict",
                    ["Http:AllowBearerTokens"] = "true",
                    ["Http:AllowedOrigins:0"] = "https://app.example.com",
                    ["Http:LoginPath"] = "/sign-in",
                }
            )
            .Build();

        await using var app = await SessionApp.StartAsync(
            static _ => { },
            services: services => services.Configure<SessionHttpOptions>(configuration.GetSection("Http"))
        );

        var options = app.Services.GetRequiredService<IOptionsMonitor<SessionHttpOptions>>().Get("");
        Assert.That(options.Cookie.Name, Is.EqualTo("sid"));
        Assert.That(options.Cookie.SameSite, Is.EqualTo(SameSiteMode.Strict));
        Assert.That(options.Cookie.SecurePolicy, Is.EqualTo(CookieSecurePolicy.Always), "what is not said keeps its default");
        Assert.That(options.AllowBearerTokens, Is.True);
        Assert.That(options.AllowedOrigins.Single(), Is.EqualTo("https://app.example.com"));
        Assert.That(options.LoginPath, Is.EqualTo("/sign-in"));
    }

    [Test]
    public void Two_names_with_one_cookie_stop_the_host()
    {
        Assert.That(
            () =>
                SessionApp.StartAsync(
                    static _ => { },
                    services: services => services.AddSessionUp("admin").UseMemory().ConfigureHttp(h => h.Cookie.Name = "__Host-SID")
                ),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("belongs to several names: \"\", \"admin\"")
        );
    }

    [Test]
    public void A_name_that_makes_no_cookie_name_stops_the_host()
    {
        Assert.That(
            () => SessionApp.StartAsync(static _ => { }, services: services => services.AddSessionUp("back office").UseMemory()),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Cookie.Name is \"__Host-sid-back office\"")
        );
    }
}
