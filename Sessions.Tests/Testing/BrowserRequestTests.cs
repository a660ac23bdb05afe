using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BrowserRequestTests
{
    private static readonly Uri s_url = new("https://app.example.com:8443/page");

    [TestCase(BrowserRequestKind.Navigation, "navigate", "document")]
    [TestCase(BrowserRequestKind.Frame, "navigate", "iframe")]
    [TestCase(BrowserRequestKind.Fetch, "cors", "empty")]
    [TestCase(BrowserRequestKind.Resource, "no-cors", "image")]
    [TestCase(BrowserRequestKind.ServiceWorkerScript, "same-origin", "serviceworker")]
    [TestCase(BrowserRequestKind.NavigationPreload, "navigate", "document")]
    [TestCase(BrowserRequestKind.Prerender, "navigate", "document")]
    [TestCase(BrowserRequestKind.WebSocket, null, null)]
    [TestCase(BrowserRequestKind.Program, null, null)]
    public void The_fetch_metadata_say_what_causes_the_request(BrowserRequestKind kind, string? mode, string? destination)
    {
        var request = new BrowserRequest { Url = s_url, Kind = kind };

        Assert.That(Find(request, "Sec-Fetch-Mode"), Is.EqualTo(mode));
        Assert.That(Find(request, "Sec-Fetch-Dest"), Is.EqualTo(destination));
        Assert.That(Find(request, "Sec-Fetch-Site"), Is.EqualTo(mode is null ? null : "same-origin"));
    }

    [TestCase(BrowserRequestKind.Prerender, "prefetch;prerender")]
    [TestCase(BrowserRequestKind.Prefetch, "prefetch")]
    [TestCase(BrowserRequestKind.Navigation, null)]
    public void What_is_fetched_ahead_says_so(BrowserRequestKind kind, string? purpose) =>
        Assert.That(Find(new BrowserRequest { Url = s_url, Kind = kind }, "Sec-Purpose"), Is.EqualTo(purpose));

    [TestCase("GET", BrowserRequestKind.Fetch, null)]
    [TestCase("POST", BrowserRequestKind.Fetch, "https://app.example.com:8443")]
    [TestCase("POST", BrowserRequestKind.Program, "https://app.example.com:8443")]
    [TestCase("GET", BrowserRequestKind.WebSocket, "https://app.example.com:8443")]
    public void An_origin_goes_with_what_can_change_something(string method, BrowserRequestKind kind, string? origin)
    {
        var request = new BrowserRequest
        {
            Url = s_url,
            Method = method,
            Kind = kind,
        };

        Assert.That(Find(request, "Origin"), Is.EqualTo(origin));
    }

    [TestCase(BrowserRequestSite.None, "none")]
    [TestCase(BrowserRequestSite.SameSite, "same-site")]
    [TestCase(BrowserRequestSite.CrossSite, "cross-site")]
    public void The_site_that_the_request_comes_from_is_said(BrowserRequestSite site, string text) =>
        Assert.That(Find(new BrowserRequest { Url = s_url, Site = site }, "Sec-Fetch-Site"), Is.EqualTo(text));

    private static string? Find(BrowserRequest request, string name) =>
        request.GetHeaders().SingleOrDefault(header => header.Name == name).Value;
}
