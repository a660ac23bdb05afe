namespace Sessions;

/// <summary>
/// What of the client must stay as it was for a token to be accepted. Off by default: addresses change with every network. A changed
/// version of a browser is no change; what cannot be compared counts as one, so a client that cannot be compared gets no session in the
/// first place (<see cref="ClientBindingException"/>).
/// </summary>
public sealed class ClientBindingOptions
{
    /// <summary>What of the address must stay. Default: nothing.</summary>
    public ClientBindingAddressMode Address { get; set; }

    /// <summary>
    /// Leading bits of an IPv4 address that must stay under <see cref="ClientBindingAddressMode.Prefix"/>, from 1 to 32. Default: 24.
    /// </summary>
    public int IPv4PrefixLength { get; set; } = 24;

    /// <summary>
    /// Leading bits of an IPv6 address that must stay under <see cref="ClientBindingAddressMode.Prefix"/>, from 1 to 128. Default: 64, one
    /// subnet (RFC 4291).
    /// </summary>
    public int IPv6PrefixLength { get; set; } = 64;

    /// <summary>What of the user agent must stay. Default: nothing.</summary>
    public ClientBindingUserAgentMode UserAgent { get; set; }

    /// <summary>What a client is compared with. Default: the client that began the session.</summary>
    public ClientBindingReference Reference { get; set; }

    /// <summary>What happens on a mismatch. Default: the request is rejected, the session stays.</summary>
    public ClientBindingMismatchAction MismatchAction { get; set; }

    /// <summary>Whether anything must stay.</summary>
    internal bool IsEnabled => Address != ClientBindingAddressMode.Any || UserAgent != ClientBindingUserAgentMode.Any;

    internal bool IsMatch(Session session, ClientInfo client)
    {
        var reference = Reference == ClientBindingReference.Creation ? session.Client : session.LastClient;
        return IsAddressMatch(reference, client) && IsUserAgentMatch(reference, client);
    }

    /// <summary>
    /// Whether a session that this client begins could be used by it at all: what cannot be compared counts as a change, with every request.
    /// </summary>
    internal bool CanBind(ClientInfo client) =>
        MismatchAction == ClientBindingMismatchAction.Report || (IsAddressMatch(client, client) && IsUserAgentMatch(client, client));

    private bool IsAddressMatch(ClientInfo reference, ClientInfo client) =>
        Address switch
        {
            ClientBindingAddressMode.Any => true,
            ClientBindingAddressMode.Exact => reference.HasSamePrefix(client, 32, 128),
            _ => reference.HasSamePrefix(client, IPv4PrefixLength, IPv6PrefixLength),
        };

    private bool IsUserAgentMatch(ClientInfo reference, ClientInfo client) =>
        UserAgent switch
        {
            ClientBindingUserAgentMode.Any => true,
            ClientBindingUserAgentMode.Exact => reference.UserAgentHash is { } hash && hash == client.UserAgentHash,
            _ => reference is { Browser: not null, OperatingSystem: not null }
                && string.Equals(reference.Browser, client.Browser, StringComparison.Ordinal)
                && string.Equals(reference.OperatingSystem, client.OperatingSystem, StringComparison.Ordinal),
        };
}

/// <summary>What of a client's address must stay.</summary>
public enum ClientBindingAddressMode
{
    /// <summary>Nothing.</summary>
    Any = 0,

    /// <summary>The network, by the leading bits.</summary>
    Prefix = 1,

    /// <summary>All of it.</summary>
    Exact = 2,
}

/// <summary>What of a client's user agent must stay.</summary>
public enum ClientBindingUserAgentMode
{
    /// <summary>Nothing.</summary>
    Any = 0,

    /// <summary>
    /// The names of operating system and browser, by the User-Agent header alone: client hints do not come with every request of a browser.
    /// A list of sessions shows those names, too.
    /// </summary>
    SameBrowser = 1,

    /// <summary>The header, to the letter. A browser that updates itself is signed out.</summary>
    Exact = 2,
}

/// <summary>Which client a caller is compared with.</summary>
public enum ClientBindingReference
{
    /// <summary>The one that began the session.</summary>
    Creation = 0,

    /// <summary>The one that was seen last, so that a client may move in small steps.</summary>
    LastSeen = 1,
}

/// <summary>What happens when a client is not the one that the session is bound to.</summary>
public enum ClientBindingMismatchAction
{
    /// <summary>The request is rejected; the session stays.</summary>
    Reject = 0,

    /// <summary>The session is revoked.</summary>
    Revoke = 1,

    /// <summary>The request goes on, and <see cref="SessionEvents.OnClientChanged"/> is raised.</summary>
    Report = 2,
}
