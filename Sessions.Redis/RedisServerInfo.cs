namespace Sessions.Redis;

/// <summary>What a server says of itself in <c>INFO</c>, and whether sessions can be trusted to it.</summary>
internal sealed class RedisServerInfo
{
    // Servers that speak Redis' protocol and call themselves a version of it, by the field that only they have. Garnet compiles no script
    // that begins with `#!lua`; Dragonfly fails a script that touches a key which was not named by the call.
    private static readonly (string Field, string Name)[] UnsupportedProducts =
    [
        ("garnet_version", "Garnet"),
        ("dragonfly_version", "Dragonfly"),
    ];

    private static readonly Version Oldest = new(7, 0);

    /// <summary>What to use instead of a server that is refused.</summary>
    public static readonly string Advice = $"Use Redis {Oldest} or newer, or Valkey.";

    private readonly Dictionary<string, string> _fields = [];

    /// <param name="info">The lines of the reply: <c>name:value</c>, and headings.</param>
    public RedisServerInfo(string info)
    {
        foreach (var line in info.Split('\n'))
        {
            if (line.Trim().Split(':', 2) is [var name, { Length: > 0 } value])
            {
                _fields[name] = value;
            }
        }
    }

    public static SessionConfigurationException Unsupported(string product, string version) =>
        new($"The server is {product} {version}, whose Lua lacks what the scripts of sessions need. {Advice}");

    /// <exception cref="SessionConfigurationException">The server lacks what sessions need, or could drop sessions that are
    /// alive.</exception>
    public void Check()
    {
        foreach (var (field, name) in UnsupportedProducts)
        {
            if (_fields.TryGetValue(field, out var itsVersion))
            {
                throw Unsupported(name, itsVersion);
            }
        }

        if (!_fields.TryGetValue("redis_version", out var version) || !Version.TryParse(version, out var parsed))
        {
            throw new SessionConfigurationException($"The server does not say which version of Redis it is compatible with. {Advice}");
        }

        if (parsed < Oldest)
        {
            throw new SessionConfigurationException($"The server says that it is Redis {version}, which is too old for sessions. {Advice}");
        }

        if (!_fields.TryGetValue("maxmemory_policy", out var policy))
        {
            throw new SessionConfigurationException(
                $"The server does not say whether it drops sessions that are alive when memory runs short: its INFO has no maxmemory_policy. {Advice}"
            );
        }

        if (policy != "noeviction")
        {
            throw new SessionConfigurationException(
                $"The server may drop sessions that are alive when memory runs short: its maxmemory-policy is {policy}. Set it to noeviction, or give sessions a server of their own."
            );
        }
    }
}
