using System.Collections.Immutable;

namespace Sessions.Testing;

/// <summary>
/// The cookies of one browser, all its tabs together, by the rules of RFC 6265bis: the last <c>Set-Cookie</c> to arrive counts, whenever
/// its response was made. A browser that crashes goes back to what it had on disk, which Chromium writes up to 30 seconds late. Not safe to
/// use from several threads.
/// </summary>
public sealed class BrowserCookieJar
{
    /// <summary>How late Chromium writes a cookie to disk at the most.</summary>
    public static readonly TimeSpan LatestFlush = TimeSpan.FromSeconds(30);

    private readonly List<(DateTimeOffset At, ImmutableList<BrowserCookie> Cookies)> _states = [];
    private ImmutableList<BrowserCookie> _cookies = [];

    /// <summary>The cookies, the oldest first; expired ones too, until the browser next receives one.</summary>
    public IReadOnlyList<BrowserCookie> Cookies => _cookies;

    /// <summary>The cookies of a response arrive.</summary>
    /// <param name="url">The address of the request.</param>
    /// <param name="setCookies">The values of the <c>Set-Cookie</c> headers, in their order.</param>
    /// <param name="now">When they arrive.</param>
    public void Receive(Uri url, IEnumerable<string> setCookies, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(setCookies);
        var cookies = _cookies;
        foreach (var header in setCookies)
        {
            if (BrowserCookie.Parse(header, url, now) is { } cookie && !IsHeldOff(cookies, cookie, url))
            {
                cookies = Set(cookies, cookie, now);
            }
        }

        Save(cookies, now);
    }

    /// <summary>The <c>Cookie</c> header of a request; null, if it has none. Longer paths come first, then older cookies.</summary>
    public string? GetCookieHeader(BrowserRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var sent = _cookies
            .Where(cookie => cookie.IsSentWith(request, now))
            .OrderByDescending(static cookie => cookie.Path.Length)
            .Select(static cookie => $"{cookie.Name}={cookie.Value}")
            .ToList();
        return sent.Count == 0 ? null : string.Join("; ", sent);
    }

    /// <summary>The value of the first cookie of that name; null, if there is none.</summary>
    public string? Find(string name) => _cookies.Find(cookie => cookie.Name == name)?.Value;

    /// <summary>
    /// The same cookies in another jar: what a thief has who copies them now. Neither learns what the other receives later.
    /// </summary>
    public BrowserCookieJar Copy() => new() { _cookies = _cookies };

    /// <summary>
    /// The browser is killed and started again: it has the cookies that it had at <paramref name="writtenAt"/>, when it last wrote them to
    /// disk. An instant before an earlier crash means that crash.
    /// </summary>
    public void RestoreFromDisk(DateTimeOffset writtenAt, DateTimeOffset now)
    {
        var written = _states.FindLast(state => state.At <= writtenAt);
        _cookies = written.Cookies ?? (_states is [var first, ..] ? first.Cookies : _cookies);
        _states.Clear();
        _states.Add((now, _cookies));
    }

    private void Save(ImmutableList<BrowserCookie> cookies, DateTimeOffset now)
    {
        if (_states.Count == 0)
        {
            _states.Add((DateTimeOffset.MinValue, _cookies));
        }

        // Of the states older than the latest possible write, only the last can still be on the disk.
        _states.RemoveRange(0, Math.Max(0, _states.FindLastIndex(state => state.At <= now - LatestFlush)));
        _cookies = cookies;
        _states.Add((now, cookies));
    }

    // A page over plain http does not replace a cookie that was set over https.
    private static bool IsHeldOff(ImmutableList<BrowserCookie> cookies, BrowserCookie cookie, Uri url) =>
        url.Scheme is not ("https" or "wss")
        && cookies.Exists(held => held.IsSecure && held.Name == cookie.Name && held.Domain == cookie.Domain);

    private static ImmutableList<BrowserCookie> Set(ImmutableList<BrowserCookie> cookies, BrowserCookie cookie, DateTimeOffset now)
    {
        var place = cookies.FindIndex(cookie.IsSamePlace);
        if (cookie.ExpiresAt <= now)
        {
            return place < 0 ? cookies : cookies.RemoveAt(place);
        }

        // A cookie that is set again keeps its age, which decides the order in the header.
        return (place < 0 ? cookies.Add(cookie) : cookies.SetItem(place, cookie)).RemoveAll(held => held.ExpiresAt <= now);
    }
}
