namespace Sessions.Stores;

/// <summary>The id of a new session is taken. Nothing was changed. With working randomness this does not happen.</summary>
public sealed class DuplicateSessionException : Exception
{
    /// <summary>The id that is taken.</summary>
    public DuplicateSessionException(SessionId id)
        : base($"There is a session {id} already.")
    {
        Id = id;
    }

    /// <summary>The id that is taken.</summary>
    public SessionId Id { get; }
}
