using static Sessions.UserAgentTokens;

namespace Sessions;

/// <summary>
/// The default reader: looks for known tokens in the <c>User-Agent</c> header, in a fixed order, and prefers Client Hints where they were
/// sent. Looks at the first 2,048 characters of each header and allocates nothing.
/// </summary>
public sealed class UserAgentReader : IUserAgentReader
{
    // What names a client stands early; the rest of a header of megabytes only costs time.
    private const int MaxHeaderLength = 2048;

    /// <inheritdoc />
    /// <remarks>
    /// Where hint and agent disagree on system or browser, the hint wins: Chromium freezes its agent string and fills it with the names of
    /// other browsers, while the hints are meant to be read. An agent that says it is a bot stays one, whatever the hints of the engine it
    /// drives.
    /// </remarks>
    public UserAgent Read(UserAgentHeaders headers)
    {
        var agent = Truncate(headers.UserAgent);
        var system = DetectOperatingSystem(agent, Truncate(headers.Platform));
        var bot = Bots.Find(agent, null);
        if (bot is not null || IsBot(agent))
        {
            return new UserAgent
            {
                OperatingSystem = system.Name,
                Browser = bot,
                Device = DeviceKind.Bot,
            };
        }

        return new UserAgent
        {
            OperatingSystem = system.Name,
            Browser = DetectBrowser(agent, system.Name, Truncate(headers.Brands)),
            Device = DetectDevice(agent, system, Truncate(headers.Mobile)),
        };
    }

    private static ReadOnlySpan<char> Truncate(string? header) => header.AsSpan(0, Math.Min(header?.Length ?? 0, MaxHeaderLength));

    private static OperatingSystemTraits DetectOperatingSystem(ReadOnlySpan<char> agent, ReadOnlySpan<char> platform)
    {
        platform = platform.Trim().Trim('"');
        foreach (var (token, traits) in Systems.Rows)
        {
            if (platform.SequenceEqual(traits.Name) || platform.SequenceEqual(token))
            {
                return traits;
            }
        }

        // An iPad that requests desktop pages calls itself a Mac; the tokens of iOS apps show what it is.
        var system = Systems.Find(agent, default);
        return system.Name == MacOS && agent.ContainsAny(IosAppsOnMac) ? IPad : system;
    }

    private static string? DetectBrowser(ReadOnlySpan<char> agent, string? system, ReadOnlySpan<char> brands)
    {
        var browser = Browsers.Find(agent, null);
        if (browser == Safari && system is not (MacOS or IOS or IPadOS))
        {
            // Everything on WebKit claims to be Safari. Android's own browser did so before Chrome took its place.
            browser = system == Android ? "Android Browser" : null;
        }

        // An engine's brand says less than the name of the app around it, which only the User-Agent header has.
        var hint = BrandHints.Find(brands);
        var appOnEngine = hint is Chromium or AndroidWebView && browser is not (null or Chrome);
        return hint is null || appOnEngine ? browser : hint;
    }

    private static DeviceKind DetectDevice(ReadOnlySpan<char> agent, OperatingSystemTraits system, ReadOnlySpan<char> mobile)
    {
        if (Devices.Find(agent, null) is { } kind)
        {
            return kind;
        }

        bool? hint = mobile.Trim() switch
        {
            "?1" => true,
            "?0" => false,
            _ => null,
        };
        if (hint ?? agent.Contains("Mobile", StringComparison.Ordinal))
        {
            return DeviceKind.Mobile;
        }

        // Android's browsers say "Mobile" on phones and nothing on tablets; its other programs say nothing on either.
        var tells = system.Name != Android || hint is not null || agent.StartsWith("Mozilla/", StringComparison.Ordinal);
        return tells ? system.Device : DeviceKind.Unknown;
    }

    private static bool IsBot(ReadOnlySpan<char> agent)
    {
        if (agent.ContainsAny(BotWords))
        {
            return true;
        }

        // "bot" only at the end of a word, and not as a Cubot, which is a phone.
        for (var rest = agent; rest.IndexOf("bot", StringComparison.OrdinalIgnoreCase) is >= 0 and var at; rest = rest[(at + 3)..])
        {
            var endsWord = at + 3 == rest.Length || !char.IsAsciiLetter(rest[at + 3]);
            if (endsWord && !rest[..at].EndsWith("cu", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
