using static Sessions.UserAgentTokens;

namespace Sessions;

/// <summary>
/// Reads <c>Sec-CH-UA</c>: a list of quoted brands with parameters (RFC 9651 section 3.1). Only known brands count, so the ones that
/// browsers make up to keep readers honest ("Not;A=Brand") drop out by themselves.
/// </summary>
internal static class BrandHints
{
    // Each browser sends its own brand beside its engine's, in random order: the first row that is there says most about the browser.
    private static readonly (string Brand, string Name)[] Brands =
    [
        ("Microsoft Edge", Edge),
        ("Opera", Opera),
        ("Opera GX", Opera),
        ("Opera Mini", Opera),
        ("Vivaldi", "Vivaldi"),
        ("Brave", "Brave"),
        ("Samsung Internet", SamsungInternet),
        ("YaBrowser", YandexBrowser),
        ("Yandex", YandexBrowser),
        ("DuckDuckGo", DuckDuckGo),
        ("HuaweiBrowser", HuaweiBrowser),
        ("Whale", NaverWhale),
        ("Google Chrome", Chrome),
        ("HeadlessChrome", Chrome),
        ("Android WebView", AndroidWebView),
        ("Chromium", Chromium),
    ];

    public static string? Find(ReadOnlySpan<char> header)
    {
        var best = Brands.Length;
        while (!header.IsEmpty)
        {
            header = header.TrimStart(" \t");
            if (TryReadString(header, out var brand))
            {
                best = Math.Min(best, GetRank(brand));
            }

            header = AfterComma(header);
        }

        return best < Brands.Length ? Brands[best].Name : null;
    }

    private static int GetRank(ReadOnlySpan<char> brand)
    {
        for (var i = 0; i < Brands.Length; i++)
        {
            if (brand.SequenceEqual(Brands[i].Brand))
            {
                return i;
            }
        }

        return Brands.Length;
    }

    /// <summary>The text between quotes. Escapes stay as they are: no known brand has one.</summary>
    private static bool TryReadString(ReadOnlySpan<char> header, out ReadOnlySpan<char> text)
    {
        text = default;
        var length = header is ['"', ..] ? GetStringLength(header) : 0;
        if (length < 2)
        {
            return false;
        }

        text = header[1..(length - 1)];
        return true;
    }

    /// <summary>What follows the next comma that is not within quotes.</summary>
    private static ReadOnlySpan<char> AfterComma(ReadOnlySpan<char> header)
    {
        while (header.IndexOfAny(',', '"') is >= 0 and var at)
        {
            if (header[at] == ',')
            {
                return header[(at + 1)..];
            }

            header = header[at..];
            var length = GetStringLength(header);
            header = length == 0 ? default : header[length..];
        }

        return default;
    }

    /// <summary>The length of a string with both quotes; 0 when it does not end.</summary>
    private static int GetStringLength(ReadOnlySpan<char> quoted)
    {
        for (var i = 1; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\')
            {
                i++;
            }
            else if (quoted[i] == '"')
            {
                return i + 1;
            }
        }

        return 0;
    }
}
