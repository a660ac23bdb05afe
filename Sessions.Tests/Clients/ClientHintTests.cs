using NUnit.Framework;

namespace Sessions.Tests.Clients;

public sealed class ClientHintTests
{
    private const string ChromeOnWindows =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

    private const string ReducedAndroid =
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

    private static readonly UserAgentReader Reader = new();

    [TestCase("""  "Chromium";v="124", "Google Chrome";v="124", "Not-A.Brand";v="99"  """, "Chrome")]
    [TestCase("""  "Not/A)Brand";v="8", "Chromium";v="126", "Microsoft Edge";v="126"  """, "Edge")]
    [TestCase("""  " Not A;Brand";v="99", "Chromium";v="102", "Opera";v="88"  """, "Opera")]
    [TestCase("""  "Opera GX";v="106", "Not;A=Brand";v="8", "Chromium";v="120"  """, "Opera")]
    [TestCase("""  "Brave";v="123", "Not:A-Brand";v="8", "Chromium";v="123"  """, "Brave")]
    [TestCase("""  "Vivaldi";v="6.7", "Chromium";v="124", "Google Chrome";v="124"  """, "Vivaldi")]
    [TestCase("""  "Chromium";v="115", "Samsung Internet";v="23.0"  """, "Samsung Internet")]
    [TestCase("""  "Chromium";v="118", "YaBrowser";v="23.11", "Yowser";v="2.5"  """, "Yandex Browser")]
    [TestCase("""  "DuckDuckGo";v="131", "Chromium";v="131", "Not_A Brand";v="24"  """, "DuckDuckGo")]
    [TestCase("""  "HeadlessChrome";v="119", "Not?A_Brand";v="24"  """, "Chrome")]
    [TestCase("""  "Not;A=Brand";v="8", "Chromium";v="120"  """, "Chromium")]
    public void The_most_telling_brand_names_the_browser(string brands, string browser) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(ChromeOnWindows, brands.Trim())).Browser, Is.EqualTo(browser));

    [TestCase("")]
    [TestCase("junk")]
    [TestCase("\"")]
    [TestCase("\"Brave")]
    [TestCase("Brave")]
    [TestCase(",,,\"\",;")]
    [TestCase("\"Not;A=Brand\";v=\"Brave\"")]
    [TestCase("\"Not, \\\"Brave\\\", Brand\";v=\"8\"")]
    [TestCase("\"X\\\",\"Brave\";v=\"8\"")]
    [TestCase("\"X\";v=\", \\\"Brave\\\"\"")]
    public void A_header_without_a_known_brand_leaves_the_word_to_the_agent(string brands) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(ChromeOnWindows, brands)).Browser, Is.EqualTo("Chrome"));

    [Test]
    public void Brands_are_read_with_no_space_and_with_much_between_them()
    {
        Assert.That(Reader.Read(UserAgentSamples.Headers(null, "\"A\";v=\"1\",\"Brave\"")).Browser, Is.EqualTo("Brave"));
        Assert.That(Reader.Read(UserAgentSamples.Headers(null, "\"A\" ; v=\"1\" ,\t \"Brave\"")).Browser, Is.EqualTo("Brave"));
    }

    [TestCase("\"Windows\"", "Windows", DeviceKind.Desktop)]
    [TestCase("\"macOS\"", "macOS", DeviceKind.Desktop)]
    [TestCase("\"Linux\"", "Linux", DeviceKind.Desktop)]
    [TestCase("\"Chrome OS\"", "ChromeOS", DeviceKind.Desktop)]
    [TestCase("\"Chromium OS\"", "ChromeOS", DeviceKind.Desktop)]
    [TestCase("\"Android\"", "Android", DeviceKind.Mobile)]
    [TestCase("\"iOS\"", "iOS", DeviceKind.Mobile)]
    public void The_platform_names_the_system(string platform, string system, DeviceKind device) =>
        Assert.That(
            Reader.Read(UserAgentSamples.Headers(null, null, platform, device == DeviceKind.Mobile ? "?1" : "?0")),
            Is.EqualTo(UserAgentSamples.Agent(system, null, device))
        );

    [TestCase("\"Unknown\"")]
    [TestCase("\"\"")]
    [TestCase("\"")]
    [TestCase("Plan 9")]
    public void An_unknown_platform_leaves_the_word_to_the_agent(string platform) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(ChromeOnWindows, null, platform)).OperatingSystem, Is.EqualTo("Windows"));

    [Test]
    public void Hints_beat_an_agent_that_says_otherwise()
    {
        // A phone that asks for desktop pages keeps its hints where the browser lets it.
        var headers = UserAgentSamples.Headers(ChromeOnWindows, "\"Chromium\";v=\"124\", \"Brave\";v=\"124\"", "\"Android\"", "?1");

        Assert.That(Reader.Read(headers), Is.EqualTo(UserAgentSamples.Agent("Android", "Brave", DeviceKind.Mobile)));
    }

    [TestCase("?1", DeviceKind.Mobile)]
    [TestCase("?0", DeviceKind.Tablet)]
    [TestCase(" ?1 ", DeviceKind.Mobile)]
    [TestCase("1", DeviceKind.Tablet)]
    public void The_mobile_hint_separates_phones_from_tablets(string mobile, DeviceKind device) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(ReducedAndroid, null, "\"Android\"", mobile)).Device, Is.EqualTo(device));

    [Test]
    public void A_television_stays_one_though_it_is_not_mobile()
    {
        const string agent =
            "Mozilla/5.0 (Linux; Android 12; BRAVIA 4K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36";

        Assert.That(Reader.Read(UserAgentSamples.Headers(agent, null, "\"Android\"", "?0")).Device, Is.EqualTo(DeviceKind.Television));
    }

    [TestCase("Chrome/83.0 Mobile Safari/537.36 Instagram 142.0", "\"Android WebView\";v=\"124\", \"Chromium\";v=\"124\"", "Instagram")]
    [TestCase("Chrome/120.0 Electron/28.2 Safari/537.36", "\"Chromium\";v=\"120\"", "Electron")]
    [TestCase("Chrome/124.0 Mobile Safari/537.36", "\"Android WebView\";v=\"124\", \"Chromium\";v=\"124\"", "Android WebView")]
    public void An_engines_brand_does_not_hide_the_app_around_it(string agent, string brands, string browser) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(agent, brands)).Browser, Is.EqualTo(browser));

    [Test]
    public void A_bot_stays_a_bot_whatever_its_hints_say()
    {
        const string agent = "Mozilla/5.0 AppleWebKit/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/124.0.0.0";

        Assert.That(
            Reader.Read(UserAgentSamples.Headers(agent, "\"Google Chrome\";v=\"124\"", "\"Android\"", "?1")),
            Is.EqualTo(UserAgentSamples.Agent("Android", "Googlebot", DeviceKind.Bot))
        );
    }
}
