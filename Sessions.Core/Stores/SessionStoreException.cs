namespace Sessions;

/// <summary>
/// The backend failed; the driver's exception is inside. Says nothing about whether a session exists, and after a write it is unknown whether it was
/// stored.
/// </summary>
public sealed class SessionStoreException : Exception
{
    /// <summary>A failure of the backend.</summary>
    public SessionStoreException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
