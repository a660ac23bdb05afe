namespace Sessions;

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
