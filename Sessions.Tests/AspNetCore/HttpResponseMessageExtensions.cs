using System.Net;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Sessions.Tests.AspNetCore;

/// <summary>What responses say.</summary>
internal static class HttpResponseMessageExtensions
{
    /// <summary>The cookies that a response sets, in order.</summary>
    public static IReadOnlyList<SetCookieHeaderValue> SetCookies(this HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? [.. SetCookieHeaderValue.ParseList([.. values])] : [];

    /// <summary>The token in the one cookie that a response sets.</summary>
    public static SessionToken Token(this HttpResponseMessage response) =>
        SessionToken.TryParse(response.SetCookies().Single().Value.AsSpan(), out var token)
            ? token
            : throw new InvalidOperationException("The cookie holds no token.");

    /// <summary>Whether a response takes the cookie back.</summary>
    public static bool ClearsCookie(this HttpResponseMessage response, string name = "__Host-sid") =>
        response.SetCookies() is [{ Value.Length: 0 } cookie] && cookie.Name == name && cookie.Expires == DateTimeOffset.UnixEpoch;

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public static async Task<string> TextAsync(this HttpResponseMessage response) => await response.Content.ReadAsStringAsync();

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    /// <summary>What a refusal says: status, media type and status in the body.</summary>
    public static async Task<(HttpStatusCode, string?, int)> ProblemAsync(this HttpResponseMessage response) =>
        (response.StatusCode, response.Header("Content-Type"), (await response.JsonAsync()).GetProperty("status").GetInt32());

    public static (HttpStatusCode, string?, int) Problem(HttpStatusCode status) => (status, "application/problem+json", (int)status);
}
