using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>A browser that keeps and shows cookies, of one path, and says what it was told.</summary>
internal sealed class CookieBrowser(HttpClient client) : IDisposable
{
    /// <summary>The cookies it keeps. What a test puts in, it shows.</summary>
    public SortedDictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public async Task<HttpResponseMessage> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (Cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        foreach (var cookie in response.SetCookies())
        {
            if (cookie.MaxAge == TimeSpan.Zero)
            {
                Cookies.Remove(cookie.Name.ToString());
            }
            else
            {
                Cookies[cookie.Name.ToString()] = cookie.Value.ToString();
            }
        }

        return response;
    }

    public async Task<string> GetAsync(string path = "/")
    {
        using var response = await SendAsync("GET", path);
        return await response.TextAsync();
    }

    /// <summary>How many cookies the response to a request sets or takes back.</summary>
    public async Task<int> CountSetCookiesAsync(string method, string path)
    {
        using var response = await SendAsync(method, path);
        response.EnsureSuccessStatusCode();
        return response.SetCookies().Count;
    }

    public void Dispose() => client.Dispose();
}
