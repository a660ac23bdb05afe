namespace Sessions;

/// <summary>Something is configured in a way that cannot work. The message says what to do; the host does not start.</summary>
public sealed class SessionConfigurationException : Exception
{
    /// <summary>A wrong configuration, in a sentence that says what to do.</summary>
    public SessionConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
