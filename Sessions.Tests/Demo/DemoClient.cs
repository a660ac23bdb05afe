using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sessions.Tests.Demo;

/// <summary>
/// A browser or app with one cookie. The cookie is kept by hand: <see cref="CookieContainer"/> sends no Secure cookie over http, as
/// browsers do to localhost.
/// </summary>
internal sealed class DemoClient : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Set to an earlier one, when a response is to count as lost.</summary>
    public string? Cookie { get; set; }

    /// <summary>The 65 characters of the token.</summary>
    public string Token => Cookie!.Split('=', 2)[1];

    public Task<HttpResponseMessage> SendAsync(
        DemoProcess demo,
        HttpMethod method,
        string path,
        object? json = null,
        params (string Name, string Value)[] headers
    ) => SendAsync(demo.Address, method, path, json, headers);

    /// <summary>The same to the demo, or to what stands before it.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        Uri server,
        HttpMethod method,
        string path,
        object? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(server, path));
        request.Content = json as HttpContent ?? (json is null ? null : JsonContent.Create(json));
        if (Cookie is not null)
        {
            request.Headers.Add("Cookie", Cookie);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            var pair = cookies.Single().Split(';')[0];
            Cookie = pair.EndsWith('=') ? null : pair;
        }

        return response;
    }

    /// <summary>A response that goes on and on, from its first byte.</summary>
    public async Task<Stream> OpenAsync(DemoProcess demo, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(demo.Address, path));
        request.Headers.Add("Cookie", Cookie);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
    }

    public Task<HttpResponseMessage> LogInAsync(DemoProcess demo, string name) => LogInAsync(demo.Address, name);

    public Task<HttpResponseMessage> LogInAsync(Uri server, string name) =>
        SendAsync(server, HttpMethod.Post, "/api/login", new { name, remember = true });

    public Task<JsonArray> ListAsync(DemoProcess demo) => ListAsync(demo.Address);

    public async Task<JsonArray> ListAsync(Uri server)
    {
        using var response = await SendAsync(server, HttpMethod.Get, "/api/sessions");
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonArray>())!;
    }

    public Task<HttpStatusCode> StatusAsync(DemoProcess demo, HttpMethod method, string path) => StatusAsync(demo.Address, method, path);

    public async Task<HttpStatusCode> StatusAsync(Uri server, HttpMethod method, string path)
    {
        using var response = await SendAsync(server, method, path);
        return response.StatusCode;
    }

    public void Dispose() => _http.Dispose();
}
