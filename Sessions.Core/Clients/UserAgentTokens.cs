using System.Buffers;

namespace Sessions;

/// <summary>
/// What gives systems, browsers, devices and bots away. Order matters: agents carry the names of those they imitate, so the more special
/// stands first.
/// </summary>
internal static class UserAgentTokens
{
    public const string Android = "Android";
    public const string AndroidWebView = "Android WebView";
    public const string Chrome = "Chrome";
    public const string Chromium = "Chromium";
    public const string DuckDuckGo = "DuckDuckGo";
    public const string Edge = "Edge";
    public const string HuaweiBrowser = "Huawei Browser";
    public const string IOS = "iOS";
    public const string IPadOS = "iPadOS";
    public const string MacOS = "macOS";
    public const string NaverWhale = "Naver Whale";
    public const string Opera = "Opera";
    public const string Safari = "Safari";
    public const string SamsungInternet = "Samsung Internet";
    public const string YandexBrowser = "Yandex Browser";

    public static readonly OperatingSystemTraits IPad = new(IPadOS, DeviceKind.Tablet);

    public static readonly TokenTable<OperatingSystemTraits> Systems = new([
        ("Windows Phone", new("Windows Phone", DeviceKind.Mobile)),
        ("Xbox", new("Xbox", DeviceKind.Television)),
        ("PlayStation", new("PlayStation", DeviceKind.Television)),
        ("PLAYSTATION", new("PlayStation", DeviceKind.Television)),
        ("Nintendo", new("Nintendo", DeviceKind.Television)),
        ("Tizen", new("Tizen", DeviceKind.Unknown)),
        ("Web0S", new("webOS", DeviceKind.Television)),
        ("webOS", new("webOS", DeviceKind.Television)),
        ("HarmonyOS", new("HarmonyOS", DeviceKind.Unknown)),
        ("OpenHarmony", new("HarmonyOS", DeviceKind.Unknown)),
        ("KAIOS", new("KaiOS", DeviceKind.Mobile)),
        ("AppleTV", new("tvOS", DeviceKind.Television)),
        ("Apple TV", new("tvOS", DeviceKind.Television)),
        ("Roku", new("Roku", DeviceKind.Television)),
        ("CrOS ", new("ChromeOS", DeviceKind.Desktop)),
        ("Chrome OS", new("ChromeOS", DeviceKind.Desktop)),
        ("Chromium OS", new("ChromeOS", DeviceKind.Desktop)),
        ("iPad", IPad),
        ("iPhone", new(IOS, DeviceKind.Mobile)),
        ("iPod", new(IOS, DeviceKind.Mobile)),
        ("Android", new(Android, DeviceKind.Tablet)),
        ("Windows", new("Windows", DeviceKind.Desktop)),
        ("Macintosh", new(MacOS, DeviceKind.Desktop)),
        ("Mac OS X", new(MacOS, DeviceKind.Desktop)),
        ("FreeBSD", new("FreeBSD", DeviceKind.Desktop)),
        ("OpenBSD", new("OpenBSD", DeviceKind.Desktop)),
        ("Linux", new("Linux", DeviceKind.Desktop)),
        ("X11", new("Linux", DeviceKind.Desktop)),
    ]);

    public static readonly SearchValues<string> IosAppsOnMac = SearchValues.Create(
        ["CriOS/", "FxiOS/", "EdgiOS/", "Mobile/"],
        StringComparison.Ordinal
    );

    public static readonly TokenTable<DeviceKind?> Devices = new([
        ("SMART-TV", DeviceKind.Television),
        ("SmartTV", DeviceKind.Television),
        ("Smart TV", DeviceKind.Television),
        ("Android TV", DeviceKind.Television),
        ("GoogleTV", DeviceKind.Television),
        ("Google TV", DeviceKind.Television),
        ("BRAVIA", DeviceKind.Television),
        ("HbbTV", DeviceKind.Television),
        ("CrKey", DeviceKind.Television),
        // The models of Amazon's Fire TV.
        ("; AFT", DeviceKind.Television),
        ("iPad", DeviceKind.Tablet),
        // With the semicolon: Internet Explorer says "Tablet PC" on desktops.
        ("Tablet;", DeviceKind.Tablet),
        ("Kindle", DeviceKind.Tablet),
        ("(PC; OpenHarmony", DeviceKind.Desktop),
        ("Opera Mini", DeviceKind.Mobile),
    ]);

    public static readonly TokenTable<string?> Browsers = new([
        ("FBAN/Messenger", "Messenger"),
        ("FB_IAB/Orca", "Messenger"),
        ("FBAN/", "Facebook"),
        ("FBAV/", "Facebook"),
        ("Instagram", "Instagram"),
        ("MicroMessenger/", "WeChat"),
        ("musical_ly", "TikTok"),
        ("BytedanceWebview", "TikTok"),
        ("Snapchat", "Snapchat"),
        ("LinkedInApp", "LinkedIn"),
        ("[Pinterest/", "Pinterest"),
        (" Line/", "LINE"),
        ("KAKAOTALK", "KakaoTalk"),
        ("GSA/", "Google App"),
        ("Electron/", "Electron"),
        ("Edg/", Edge),
        ("EdgA/", Edge),
        ("EdgiOS/", Edge),
        ("Edge/", Edge),
        ("OPR/", Opera),
        ("OPT/", Opera),
        ("OPX/", Opera),
        ("OPiOS/", Opera),
        ("Opera", Opera),
        ("Vivaldi/", "Vivaldi"),
        ("Brave/", "Brave"),
        ("SamsungBrowser/", SamsungInternet),
        ("YaBrowser/", YandexBrowser),
        ("UCBrowser/", "UC Browser"),
        ("UCWEB/", "UC Browser"),
        ("UBrowser/", "UC Browser"),
        (" QQ/", "QQ"),
        ("QQBrowser/", "QQ Browser"),
        ("DuckDuckGo/", DuckDuckGo),
        ("Ddg/", DuckDuckGo),
        ("HuaweiBrowser/", HuaweiBrowser),
        ("MiuiBrowser/", "Mi Browser"),
        ("Silk/", "Amazon Silk"),
        ("Whale/", NaverWhale),
        ("OculusBrowser/", "Meta Quest Browser"),
        ("SeaMonkey/", "SeaMonkey"),
        ("PaleMoon/", "Pale Moon"),
        ("Epiphany/", "GNOME Web"),
        ("Focus/", "Firefox Focus"),
        ("Klar/", "Firefox Focus"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("MSIE ", "Internet Explorer"),
        ("Trident/", "Internet Explorer"),
        ("; wv)", AndroidWebView),
        ("Chromium/", Chromium),
        ("HeadlessChrome/", Chrome),
        ("CriOS/", Chrome),
        ("Chrome/", Chrome),
        ("Safari/", Safari),
    ]);

    public static readonly TokenTable<string?> Bots = new([
        ("Googlebot", "Googlebot"),
        ("AdsBot-Google", "AdsBot-Google"),
        ("Mediapartners-Google", "Mediapartners-Google"),
        ("Google-InspectionTool", "Google-InspectionTool"),
        ("bingbot", "bingbot"),
        ("BingPreview", "BingPreview"),
        ("Slurp", "Yahoo! Slurp"),
        ("DuckDuckBot", "DuckDuckBot"),
        ("Baiduspider", "Baiduspider"),
        ("YandexBot", "YandexBot"),
        ("Applebot", "Applebot"),
        ("Amazonbot", "Amazonbot"),
        ("PetalBot", "PetalBot"),
        ("AhrefsBot", "AhrefsBot"),
        ("SemrushBot", "SemrushBot"),
        ("facebookexternalhit", "facebookexternalhit"),
        ("Twitterbot", "Twitterbot"),
        ("LinkedInBot", "LinkedInBot"),
        ("Slackbot", "Slackbot"),
        ("Discordbot", "Discordbot"),
        ("TelegramBot", "TelegramBot"),
        ("WhatsApp/", "WhatsApp"),
        ("UptimeRobot", "UptimeRobot"),
        ("Pingdom", "Pingdom"),
        ("curl/", "curl"),
        ("Wget/", "Wget"),
        ("HTTPie/", "HTTPie"),
        ("PostmanRuntime/", "Postman"),
        ("insomnia/", "Insomnia"),
        ("PowerShell/", "PowerShell"),
        (".NET HttpClient", ".NET HttpClient"),
        ("System.Net.Http", ".NET HttpClient"),
        ("RestSharp/", "RestSharp"),
        ("python-requests/", "python-requests"),
        ("python-httpx/", "python-httpx"),
        ("Python-urllib/", "Python-urllib"),
        ("aiohttp/", "aiohttp"),
        ("Go-http-client/", "Go-http-client"),
        ("okhttp/", "okhttp"),
        ("Apache-HttpClient/", "Apache HttpClient"),
        ("Java-http-client/", "Java"),
        ("Java/", "Java"),
        ("axios/", "axios"),
        ("node-fetch", "node-fetch"),
        ("undici", "undici"),
        ("GuzzleHttp", "Guzzle"),
        ("libwww-perl/", "libwww-perl"),
        ("Ruby", "Ruby"),
        ("Dart/", "Dart"),
    ]);

    /// <summary>What programs call themselves, in any case. A plus before an address is the custom of crawlers.</summary>
    public static readonly SearchValues<string> BotWords = SearchValues.Create(
        ["crawler", "spider", "+http"],
        StringComparison.OrdinalIgnoreCase
    );
}

/// <summary>A system's name, and what it runs on when nothing else is said.</summary>
internal readonly record struct OperatingSystemTraits(string? Name, DeviceKind Device);
