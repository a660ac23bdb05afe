using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BrowserCookieJarTests
{
    private static readonly Uri s_url = new("https://app.example.com/account/page");
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddYears(50);

    private readonly BrowserCookieJar _jar = new();
    private DateTimeOffset _now = s_start;

    [Test]
    public void The_last_cookie_to_arrive_counts()
    {
        Receive("sid=new; path=/");
        Receive("sid=old; path=/");

        Assert.That(Header(), Is.EqualTo("sid=old"));
    }

    [Test]
    public void A_cookie_is_taken_back_by_one_of_the_same_name_domain_and_path()
    {
        Receive("sid=1; path=/");
        Receive("sid=; path=/other; max-age=0");
        Assert.That(Header(), Is.EqualTo("sid=1"));

        Receive("sid=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT");

        Assert.That(Header(), Is.Null);
    }

    [Test]
    public void Cookies_of_one_name_and_different_places_are_sent_together_the_longer_path_first()
    {
        Receive("sid=host; path=/", "sid=domain; path=/; domain=example.com", "sid=path; path=/account");

        Assert.That(Header(), Is.EqualTo("sid=path; sid=host; sid=domain"));
    }

    [TestCase("https://app.example.com/", "host")]
    [TestCase("https://other.example.com/", null)]
    [TestCase("https://app.example.com.evil/", null)]
    public void A_cookie_without_a_domain_goes_to_its_host_alone(string url, string? value)
    {
        Receive("sid=host; path=/");

        Assert.That(Header(url), Is.EqualTo(value is null ? null : $"sid={value}"));
    }

    [TestCase("https://example.com/", true)]
    [TestCase("https://other.example.com/", true)]
    [TestCase("https://notexample.com/", false)]
    public void A_cookie_with_a_domain_goes_to_its_hosts(string url, bool isSent)
    {
        Receive("sid=1; path=/; domain=.example.com");

        Assert.That(Header(url), Is.EqualTo(isSent ? "sid=1" : null));
    }

    [TestCase("/account", true)]
    [TestCase("/account/", true)]
    [TestCase("/account/page/more", true)]
    [TestCase("/accounting", false)]
    [TestCase("/", false)]
    public void A_cookie_without_a_path_is_for_the_folder_that_set_it(string path, bool isSent)
    {
        Receive("sid=1");

        Assert.That(Header("https://app.example.com" + path), Is.EqualTo(isSent ? "sid=1" : null));
    }

    [TestCase("sid=1; domain=other.com")]
    [TestCase("=1")]
    [TestCase("sid")]
    [TestCase("__Host-sid=1; path=/")]
    [TestCase("__Host-sid=1; secure; path=/account")]
    [TestCase("__Host-sid=1; secure; path=/; domain=example.com")]
    [TestCase("__host-sid=1; path=/")]
    [TestCase("__Secure-sid=1; path=/")]
    [TestCase("__Http-sid=1; path=/; secure")]
    [TestCase("__Host-Http-sid=1; path=/; secure")]
    [TestCase("sid=1; path=/; samesite=none")]
    public void A_cookie_that_breaks_a_rule_is_not_taken(string header)
    {
        Receive(header);

        Assert.That(_jar.Cookies, Is.Empty);
    }

    [TestCase("__Host-sid=1; secure; path=/")]
    [TestCase("__Secure-sid=1; secure; path=/; domain=example.com")]
    [TestCase("__Host-Http-sid=1; secure; path=/; httponly")]
    public void A_cookie_that_keeps_the_rules_of_its_prefix_is_taken(string header)
    {
        Receive(header);

        Assert.That(Header(), Is.EqualTo(header[..header.IndexOf(';')]));
    }

    [Test]
    public void Plain_http_neither_gets_nor_replaces_a_secure_cookie()
    {
        Receive("sid=1; path=/; secure");

        _jar.Receive(new("http://app.example.com/"), ["sid=planted; path=/"], _now);

        Assert.That(Header("http://app.example.com/"), Is.Null);
        Assert.That(Header(), Is.EqualTo("sid=1"));
    }

    [TestCase("strict", "GET", BrowserRequestKind.Navigation, false)]
    [TestCase("lax", "GET", BrowserRequestKind.Navigation, true)]
    [TestCase("lax", "POST", BrowserRequestKind.Navigation, false)]
    [TestCase("lax", "GET", BrowserRequestKind.Frame, false)]
    [TestCase("none", "POST", BrowserRequestKind.Fetch, true)]
    public void Another_site_brings_along_what_SameSite_allows(string sameSite, string method, BrowserRequestKind kind, bool isSent)
    {
        Receive($"sid=1; path=/; secure; samesite={sameSite}");
        var request = new BrowserRequest
        {
            Url = s_url,
            Method = method,
            Kind = kind,
            Site = BrowserRequestSite.CrossSite,
        };

        Assert.That(_jar.GetCookieHeader(request, _now), Is.EqualTo(isSent ? "sid=1" : null));
    }

    [Test]
    public void A_cookie_expires_and_max_age_wins_over_expires()
    {
        Receive("sid=1; path=/; max-age=60; expires=Thu, 01 Jan 1970 00:00:00 GMT");
        _now += TimeSpan.FromSeconds(59);
        Assert.That(Header(), Is.EqualTo("sid=1"));

        _now += TimeSpan.FromSeconds(1);

        Assert.That(Header(), Is.Null);
    }

    [Test]
    public void A_copy_learns_nothing_of_what_comes_later()
    {
        Receive("sid=1; path=/");
        var copy = _jar.Copy();
        Receive("sid=2; path=/");

        copy.Receive(s_url, ["other=3; path=/"], _now);

        Assert.That(copy.Find("sid"), Is.EqualTo("1"));
        Assert.That(_jar.Find("other"), Is.Null);
    }

    [TestCase(0, "3")]
    [TestCase(9, "3")]
    [TestCase(11, "2")]
    [TestCase(30, "2")]
    public void After_a_crash_the_jar_is_as_it_was_when_it_was_last_written(int secondsAgo, string value)
    {
        Receive("sid=1; path=/");
        _now += TimeSpan.FromMinutes(10);
        Receive("sid=2; path=/");
        _now += TimeSpan.FromSeconds(50);
        Receive("sid=3; path=/");
        _now += TimeSpan.FromSeconds(10);

        _jar.RestoreFromDisk(_now - TimeSpan.FromSeconds(secondsAgo), _now);

        Assert.That(_jar.Find("sid"), Is.EqualTo(value));
    }

    [Test]
    public void A_second_crash_does_not_bring_back_what_the_first_one_lost()
    {
        Receive("sid=1; path=/");
        _now += TimeSpan.FromMinutes(10);
        Receive("sid=2; path=/");
        _now += TimeSpan.FromSeconds(5);
        _jar.RestoreFromDisk(_now - TimeSpan.FromSeconds(6), _now);
        _now += TimeSpan.FromSeconds(3);

        _jar.RestoreFromDisk(_now - TimeSpan.FromSeconds(5), _now);

        Assert.That(_jar.Find("sid"), Is.EqualTo("1"));
    }

    private void Receive(params string[] headers) => _jar.Receive(s_url, headers, _now);

    private string? Header(string? url = null) => _jar.GetCookieHeader(new BrowserRequest { Url = url is null ? s_url : new(url) }, _now);
}
