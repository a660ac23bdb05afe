namespace Sessions;

/// <summary>What happens when a client is not the one that the session is bound to.</summary>
public enum ClientBindingMismatchAction
{
    /// <summary>The request is rejected; the session stays.</summary>
    Reject = 0,

    /// <summary>The session is revoked.</summary>
    Revoke = 1,

    /// <summary>The request goes on, and an event tells.</summary>
    Report = 2,
}
