namespace Sessions;

/// <summary>
/// What happens to sessions, for the application's handlers. Handlers are awaited one after the other with whatever caused the event; one
/// that throws is logged and never fails the request. Add with <c>+=</c>.
/// </summary>
public sealed class SessionEvents
{
    /// <summary>A session began.</summary>
    public Func<SessionCreatedContext, ValueTask>? OnCreated { get; set; }

    /// <summary>
    /// A token was not accepted, for whatever reason: the store knows no such session, what was shown is no token, the origin is foreign, the
    /// store or the user's data cannot be reached, the sign-in is too old. Once a request.
    /// </summary>
    public Func<TokenRejectedContext, ValueTask>? OnTokenRejected { get; set; }

    /// <summary>
    /// Whether <see cref="OnTokenRejected"/> is raised, too, where a session is required and the request shows no token. Default: false;
    /// that is what every stranger does.
    /// </summary>
    public bool ReportsMissingTokens { get; set; }

    /// <summary>A session was ended, or has expired and was deleted by a store that reports it.</summary>
    public Func<SessionEndedContext, ValueTask>? OnEnded { get; set; }

    /// <summary>A session got a new token.</summary>
    public Func<SessionRotatedContext, ValueTask>? OnRotated { get; set; }

    /// <summary>An old copy of a session's token was shown. The session has ended; <see cref="OnEnded"/> follows.</summary>
    public Func<CopyDetectedContext, ValueTask>? OnCopyDetected { get; set; }

    /// <summary>A client is not the one that the session is bound to.</summary>
    public Func<SessionClientChangedContext, ValueTask>? OnClientChanged { get; set; }

    /// <summary>
    /// A record of the store cannot be read; its session counts as signed out. Raised each time it is met. The one event that is not
    /// awaited with its cause: a store reads inside its transactions.
    /// </summary>
    public Func<CorruptRecordContext, ValueTask>? OnCorruptRecord { get; set; }
}
