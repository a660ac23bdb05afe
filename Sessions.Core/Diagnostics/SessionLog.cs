using Microsoft.Extensions.Logging;

namespace Sessions.Diagnostics;

/// <summary>Every log message of Core, with its number. Ids are public handles; user keys, values and tokens are never logged.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1, LogLevel.Information, "Session {SessionId} created.", EventName = "SessionCreatedContext")]
    public static partial void Created(ILogger log, SessionId sessionId);

    [LoggerMessage(2, LogLevel.Information, "Session {SessionId} ended: {Reason}.", EventName = "SessionEndedContext")]
    public static partial void Ended(ILogger log, SessionId sessionId, SessionEndReason reason);

    [LoggerMessage(3, LogLevel.Debug, "Session {SessionId} not accepted: {Reason}.", EventName = "SessionTokenRejected")]
    public static partial void TokenRejected(ILogger log, SessionId sessionId, SessionRejection reason);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Session {SessionId}: an old copy of its token was shown; the session is revoked.",
        EventName = "SessionReuseDetectedContext"
    )]
    public static partial void ReuseDetected(ILogger log, SessionId sessionId);

    [LoggerMessage(
        18,
        LogLevel.Error,
        "The user of session {SessionId} could not be loaded; requests get 503.",
        EventName = "SessionUserFailed"
    )]
    public static partial void UserFailed(ILogger log, SessionId sessionId, Exception exception);

    public static void Swept(ILogger log, string name, int count) => SweptCore(log, FormatName(name), count);

    public static void SweepFailed(ILogger log, string name, Exception exception) => SweepFailedCore(log, FormatName(name), exception);

    public static void StoreFailed(ILogger log, string name, Exception exception) => StoreFailedCore(log, FormatName(name), exception);

    public static void StoreStillFails(ILogger log, string name, Exception exception) =>
        StoreStillFailsCore(log, FormatName(name), exception);

    public static void StoreRecovered(ILogger log, string name, int failures) => StoreRecoveredCore(log, FormatName(name), failures);

    [LoggerMessage(9, LogLevel.Warning, "A session verb failed, and the request is refused: {Reason}", EventName = "SessionVerbFailed")]
    public static partial void VerbFailed(ILogger log, string reason);

    [LoggerMessage(
        10,
        LogLevel.Warning,
        "The authentication ticket of session {SessionId} cannot be read; the session counts as signed out.",
        EventName = "SessionTicketUnreadable"
    )]
    public static partial void UnreadableTicket(ILogger log, SessionId sessionId, Exception exception);

    [LoggerMessage(11, LogLevel.Debug, "Session {SessionId} rotated.", EventName = "SessionRotatedContext")]
    public static partial void Rotated(ILogger log, SessionId sessionId);

    [LoggerMessage(
        12,
        LogLevel.Debug,
        "Rotating session {SessionId} failed; a later request tries again.",
        EventName = "SessionRotationFailed"
    )]
    public static partial void RotationFailed(ILogger log, SessionId sessionId, Exception exception);

    [LoggerMessage(
        13,
        LogLevel.Debug,
        "Confirming the secret of session {SessionId} failed; its next request tries again.",
        EventName = "SessionConfirmationFailed"
    )]
    public static partial void ConfirmationFailed(ILogger log, SessionId sessionId, Exception exception);

    [LoggerMessage(
        14,
        LogLevel.Debug,
        "Writing the last use of sessions failed; their next use is written again.",
        EventName = "SessionTouchFailed"
    )]
    public static partial void TouchFailed(ILogger log, Exception exception);

    [LoggerMessage(
        15,
        LogLevel.Warning,
        "Session {SessionId} was used by a client that it is not bound to.",
        EventName = "SessionClientChangedContext"
    )]
    public static partial void ClientChanged(ILogger log, SessionId sessionId);

    [LoggerMessage(16, LogLevel.Error, "A handler of {Event} threw; the request goes on.", EventName = "SessionEventHandlerFailed")]
    public static partial void HandlerFailed(ILogger log, string @event, Exception exception);

    [LoggerMessage(
        19,
        LogLevel.Warning,
        "Session {SessionId} cannot be read and counts as signed out.",
        EventName = "SessionRecordCorrupt"
    )]
    public static partial void CorruptRecord(ILogger log, string sessionId, Exception? exception);

    [LoggerMessage(17, LogLevel.Warning, "{Warning}", EventName = "SessionOptionsWarning")]
    public static partial void OptionsWarning(ILogger log, string warning);

    [LoggerMessage(
        23,
        LogLevel.Information,
        "The change feed of a session store is connected: changes by other nodes arrive at once.",
        EventName = "SessionFeedConnected"
    )]
    public static partial void FeedConnected(ILogger log);

    [LoggerMessage(
        24,
        LogLevel.Warning,
        "The change feed of a session store is lost: until it is back, sessions are read from the store with every request.",
        EventName = "SessionFeedLost"
    )]
    public static partial void FeedLost(ILogger log, Exception? exception);

    [LoggerMessage(
        25,
        LogLevel.Error,
        "A listener of a change feed has thrown, which it must not; the other listeners were notified.",
        EventName = "SessionFeedListenerFailed"
    )]
    public static partial void ListenerFailed(ILogger log, Exception exception);

    public static void CacheWithoutFeed(ILogger log, string name, TimeSpan maxStaleness) =>
        CacheWithoutFeedCore(log, FormatName(name), maxStaleness);

    private static string FormatName(string name) => name.Length == 0 ? "the default sessions" : $"the sessions \"{name}\"";

    [LoggerMessage(5, LogLevel.Debug, "{Count} expired sessions swept from {Name}.", EventName = "SessionsSwept")]
    private static partial void SweptCore(ILogger log, string name, int count);

    [LoggerMessage(
        22,
        LogLevel.Information,
        "The store of {Name} has no change feed: this process may accept a session that another process has ended for up to {MaxStaleness}.",
        EventName = "SessionCacheWithoutFeed"
    )]
    private static partial void CacheWithoutFeedCore(ILogger log, string name, TimeSpan maxStaleness);

    [LoggerMessage(6, LogLevel.Warning, "Sweeping {Name} failed; the next sweep tries again.", EventName = "SessionSweepFailed")]
    private static partial void SweepFailedCore(ILogger log, string name, Exception exception);

    [LoggerMessage(
        8,
        LogLevel.Error,
        "The store of {Name} fails. Requests that need it get 503; until it answers, further failures are logged at level Debug.",
        EventName = "SessionStoreFailed"
    )]
    private static partial void StoreFailedCore(ILogger log, string name, Exception exception);

    [LoggerMessage(20, LogLevel.Debug, "The store of {Name} still fails.", EventName = "SessionStoreStillFails")]
    private static partial void StoreStillFailsCore(ILogger log, string name, Exception exception);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "The store of {Name} is available again; {Failures} calls have failed.",
        EventName = "SessionStoreRecovered"
    )]
    private static partial void StoreRecoveredCore(ILogger log, string name, int failures);
}
