namespace Sessions;

/// <summary>
/// The backend failed; the driver's exception is inside. Says nothing about whether a session exists, and after a write it is unknown
/// whether it was stored.
/// </summary>
public class SessionStoreException : Exception
{
    /// <summary>A failure of the backend.</summary>
    public SessionStoreException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}

/// <summary>
/// The backend failed when some of the sessions that a call deletes step by step were gone. They stay deleted; the same call deletes the
/// rest. Whether the step that failed deleted more is unknown.
/// </summary>
public sealed class IncompleteDeletionException : SessionStoreException
{
    /// <summary>A deletion that stopped half-way.</summary>
    /// <param name="deleted">The live sessions that are known to be deleted.</param>
    /// <param name="innerException">What stopped it.</param>
    public IncompleteDeletionException(IReadOnlyList<Session> deleted, Exception innerException)
        : base(
            $"The store failed after {deleted?.Count} sessions were deleted. They stay deleted; make the call again for the rest. {innerException?.Message}",
            innerException
        )
    {
        ArgumentNullException.ThrowIfNull(deleted);
        Deleted = deleted;
    }

    /// <summary>The live sessions that are known to be deleted, in any order.</summary>
    public IReadOnlyList<Session> Deleted { get; }
}
