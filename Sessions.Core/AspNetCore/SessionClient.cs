using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>Who is calling, as far as the options let it be recorded.</summary>
/// <remarks>
/// The address is the connection's. Behind a proxy the ForwardedHeaders middleware puts the right one there; a header that we read ourselves could be anybody's.
/// </remarks>
internal sealed class SessionClient(SessionUpOptions options, IUserAgentReader agents)
{
    private readonly KnownClients _known = new(agents);

    public ClientInfo Read(HttpContext context)
    {
        var client = options.RecordUserAgent ? _known.Find(Headers(context.Request.Headers)) : ClientInfo.Unknown;
        return options.RecordIPAddress ? client with { IPAddress = context.Connection.RemoteIpAddress } : client;
    }

    private static UserAgentHeaders Headers(IHeaderDictionary headers) =>
        new(Text(headers.UserAgent), Text(headers["Sec-CH-UA"]), Text(headers["Sec-CH-UA-Platform"]), Text(headers["Sec-CH-UA-Mobile"]));

    private static string? Text(StringValues header) => StringValues.IsNullOrEmpty(header) ? null : header.ToString();
}
