namespace Sessions;

/// <summary>A breach list could not tell whether it has a password. Nobody has said that the password is good: do not accept it.</summary>
public sealed class BreachedPasswordListException : Exception
{
    /// <summary>A list that failed, with what it threw.</summary>
    public BreachedPasswordListException(string message, Exception innerException)
        : base(message, innerException) { }
}
