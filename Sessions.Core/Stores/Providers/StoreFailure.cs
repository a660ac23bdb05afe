namespace Sessions.Stores;

/// <summary>For authors of stores: how a failure of the backend is reported, in the same words by all stores.</summary>
public static class StoreFailure
{
    /// <summary>What a call throws when the backend failed.</summary>
    /// <param name="backend">The name of the backend, as in <c>PostgreSQL</c>.</param>
    /// <param name="cause">The driver's exception, which goes inside.</param>
    public static SessionStoreException Create(string backend, Exception cause)
    {
        ArgumentException.ThrowIfNullOrEmpty(backend);
        ArgumentNullException.ThrowIfNull(cause);
        return cause is SessionConfigurationException
            // The host started while the backend was out of reach, and the first call finds that its configuration is wrong.
            ? new($"{backend} cannot be used: {cause.Message}", cause)
            : new(
                $"{backend} failed: {cause.GetBaseException().Message} Whether something was written is unknown, unless the cause says that it was refused.",
                cause
            );
    }

    /// <summary>The same failure for another caller: an exception that several threads throw is changed by all of them.</summary>
    public static SessionStoreException Copy(SessionStoreException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new(failure.Message, failure.InnerException);
    }

    /// <summary>
    /// Whether the exception only says that the caller cancelled; else a cancellation is a timeout of the driver's, and so a failure.
    /// </summary>
    public static bool IsCancelledBy(this Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
