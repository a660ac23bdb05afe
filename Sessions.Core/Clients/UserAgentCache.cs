using System.Collections.Concurrent;
using System.Text;

namespace Sessions;

/// <summary>
/// Clients by their headers: a text that many clients send is read and hashed once, and held once for all their sessions. Any client can
/// send any text, so the size is bounded: once a generation is full the next one begins, and an agent that does not appear in it is dropped
/// with the one before. Ever new agents thus push out each other, and no browser that is seen in every generation.
/// </summary>
internal sealed class UserAgentCache(IUserAgentReader agents)
{
    /// <summary>How many clients a generation holds; two are kept.</summary>
    public const int GenerationSize = 1000;

    /// <summary>Characters of all headers together. Browsers send some 300; a longer header is parsed each time.</summary>
    public const int MaxLength = 1000;

    private readonly Lock _lock = new();
    private volatile ConcurrentDictionary<UserAgentHeaders, ClientInfo> _current = new();
    private volatile ConcurrentDictionary<UserAgentHeaders, ClientInfo> _previous = new();

    /// <summary>The client who says this, without an address.</summary>
    public ClientInfo GetOrAdd(UserAgentHeaders headers)
    {
        if (GetLength(headers) > MaxLength)
        {
            return Read(headers);
        }

        return _current.TryGetValue(headers, out var client) ? client : Add(headers, _previous.GetValueOrDefault(headers) ?? Read(headers));
    }

    private static int GetLength(UserAgentHeaders headers) =>
        (headers.UserAgent?.Length ?? 0) + (headers.Brands?.Length ?? 0) + (headers.Platform?.Length ?? 0) + (headers.Mobile?.Length ?? 0);

    private ClientInfo Add(UserAgentHeaders headers, ClientInfo client)
    {
        lock (_lock)
        {
            if (_current.Count == GenerationSize)
            {
                (_previous, _current) = (_current, new());
            }

            return _current.GetOrAdd(headers, client);
        }
    }

    private ClientInfo Read(UserAgentHeaders headers)
    {
        var agent = agents.Read(headers);
        return new()
        {
            OperatingSystem = agent.OperatingSystem,
            Browser = agent.Browser,
            Device = agent.Device,
            UserAgentHash = headers.UserAgent is { } text ? Sha256Hash.Compute(Encoding.UTF8.GetBytes(text)) : null,
        };
    }
}
