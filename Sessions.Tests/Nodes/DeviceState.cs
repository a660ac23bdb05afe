namespace Sessions.Tests.Nodes;

/// <summary>What a device in a storm may expect.</summary>
internal enum DeviceState
{
    /// <summary>It holds nothing.</summary>
    SignedOut,

    /// <summary>Its session is alive.</summary>
    SignedIn,

    /// <summary>Its session was ended, and whoever did it has the answer.</summary>
    Revoked,
}
