using Microsoft.Extensions.Logging;

namespace Sessions.Diagnostics;

/// <summary>Every log message of Core, with its number. Ids are public handles; user keys, values and tokens are never logged.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1, LogLevel.Information, "Session {SessionId} created.", EventName = "SessionCreated")]
    public static partial void Created(ILogger log, SessionId sessionId);

    [LoggerMessage(2, LogLevel.Information, "Session {SessionId} revoked.", EventName = "SessionRevoked")]
    public static partial void Revoked(ILogger log, SessionId sessionId);

    [LoggerMessage(3, LogLevel.Information, "Session {SessionId} ended by its user's limit.", EventName = "SessionEndedByLimit")]
    public static partial void EndedByLimit(ILogger log, SessionId sessionId);

    [LoggerMessage(4, LogLevel.Warning, "Session {SessionId} was asked for with a wrong secret.", EventName = "SessionWrongSecret")]
    public static partial void WrongSecret(ILogger log, SessionId sessionId);

    [LoggerMessage(5, LogLevel.Debug, "{Count} expired sessions swept from {Name}.", EventName = "SessionsSwept")]
    public static partial void Swept(ILogger log, string name, int count);

    [LoggerMessage(6, LogLevel.Warning, "Sweeping {Name} failed; the next sweep tries again.", EventName = "SessionSweepFailed")]
    public static partial void SweepFailed(ILogger log, string name, Exception exception);

    [LoggerMessage(
        7,
        LogLevel.Error,
        "The session store of {Name} cannot be reached. Requests get 503 until it can.",
        EventName = "SessionStoreUnreachable"
    )]
    public static partial void StoreUnreachable(ILogger log, string name, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "The session store failed; the request goes on without a session.", EventName = "SessionStoreFailed")]
    public static partial void StoreFailed(ILogger log, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "A session verb failed; the request is refused.", EventName = "SessionVerbFailed")]
    public static partial void VerbFailed(ILogger log, Exception exception);

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "The authentication ticket of session {SessionId} cannot be read; the session counts as signed out.",
        EventName = "SessionTicketUnreadable"
    )]
    public static partial void UnreadableTicket(ILogger log, SessionId sessionId, Exception exception);
}
