using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>Who is calling, as far as the options let it be recorded.</summary>
/// <remarks>
/// The address is the connection's. Behind a proxy the ForwardedHeaders middleware puts the right one there; a header that we read ourselves could be anybody's.
/// </remarks>
internal sealed class SessionClient(SessionUpOptions options, IUserAgentReader agents)
{
    public ClientInfo Read(HttpContext context)
    {
        var client = ClientInfo.Unknown;
        if (options.RecordIPAddress)
        {
            client = client with { IPAddress = context.Connection.RemoteIpAddress };
        }

        return options.RecordUserAgent ? WithAgent(client, context.Request.Headers) : client;
    }

    private ClientInfo WithAgent(ClientInfo client, IHeaderDictionary headers)
    {
        var text = Text(headers.UserAgent);
        var agent = agents.Read(
            new UserAgentHeaders(text, Text(headers["Sec-CH-UA"]), Text(headers["Sec-CH-UA-Platform"]), Text(headers["Sec-CH-UA-Mobile"]))
        );
        return client with
        {
            OperatingSystem = agent.OperatingSystem,
            Browser = agent.Browser,
            Device = agent.Device,
            UserAgentHash = text is null ? null : Sha256Hash.Of(Encoding.UTF8.GetBytes(text)),
        };
    }

    private static string? Text(StringValues header) => StringValues.IsNullOrEmpty(header) ? null : header.ToString();
}
