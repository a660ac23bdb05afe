using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>Who is calling, as far as the options let it be recorded.</summary>
/// <remarks>
/// The address is the connection's. Behind a proxy the ForwardedHeaders middleware puts the right one there; a header that we read
/// ourselves could come from any client.
/// </remarks>
internal sealed class ClientInfoReader(SessionUpOptions options, IUserAgentReader agents)
{
    private readonly UserAgentCache _cache = new(agents);

    public ClientInfo Read(HttpContext context)
    {
        var client = options.RecordUserAgent ? _cache.GetOrAdd(GetHeaders(context.Request.Headers)) : ClientInfo.Unknown;
        return options.RecordIPAddress ? client with { IPAddress = context.Connection.RemoteIpAddress } : client;
    }

    /// <summary>
    /// Where the browser is bound, by the User-Agent header alone: browsers send client hints neither from workers nor with WebSocket
    /// handshakes nor over plain http, and what is missing is no other browser.
    /// </summary>
    private UserAgentHeaders GetHeaders(IHeaderDictionary headers) =>
        options.Binding.UserAgent == ClientBindingUserAgentMode.SameBrowser
            ? new() { UserAgent = GetText(headers.UserAgent) }
            : new()
            {
                UserAgent = GetText(headers.UserAgent),
                Brands = GetText(headers["Sec-CH-UA"]),
                Platform = GetText(headers["Sec-CH-UA-Platform"]),
                Mobile = GetText(headers["Sec-CH-UA-Mobile"]),
            };

    private static string? GetText(StringValues header) => StringValues.IsNullOrEmpty(header) ? null : header.ToString();
}
