using Microsoft.Extensions.Logging;

namespace Sessions.Diagnostics;

/// <summary>Every log message of Core, with its number. Ids are public handles; user keys, values and tokens are never logged.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1, LogLevel.Information, "Session {SessionId} created.", EventName = "SessionCreated")]
    public static partial void Created(ILogger log, SessionId sessionId);

    [LoggerMessage(2, LogLevel.Information, "Session {SessionId} ended: {Reason}.", EventName = "SessionEnded")]
    public static partial void Ended(ILogger log, SessionId sessionId, SessionEndReason reason);

    [LoggerMessage(3, LogLevel.Debug, "Session {SessionId} not accepted: {Reason}.", EventName = "SessionTokenRejected")]
    public static partial void TokenRejected(ILogger log, SessionId sessionId, SessionRejection reason);

    [LoggerMessage(40, LogLevel.Debug, "A request without a session was not accepted: {Reason}.", EventName = "SessionRequestRejected")]
    public static partial void RequestRejected(ILogger log, SessionRejection reason);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "An old copy of the token of session {SessionId} was shown. The session has ended.",
        EventName = "SessionCopyDetected"
    )]
    public static partial void CopyDetected(ILogger log, SessionId sessionId);

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

    [LoggerMessage(11, LogLevel.Debug, "Session {SessionId} rotated.", EventName = "SessionRotated")]
    public static partial void Rotated(ILogger log, SessionId sessionId);

    [LoggerMessage(
        12,
        LogLevel.Debug,
        "Rotating the token of session {SessionId} failed. A later request tries again.",
        EventName = "SessionRotationFailed"
    )]
    public static partial void RotationFailed(ILogger log, SessionId sessionId, Exception exception);

    [LoggerMessage(
        13,
        LogLevel.Debug,
        "Recording that the client of session {SessionId} has its new token failed. Its next request tries again.",
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
        EventName = "SessionClientChanged"
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

    [LoggerMessage(
        26,
        LogLevel.Warning,
        "Session {SessionId} of a user with as many sessions as the limit allows was ended: it was the least recently used one.",
        EventName = "SessionEvicted"
    )]
    public static partial void Evicted(ILogger log, SessionId sessionId);

    [LoggerMessage(
        27,
        LogLevel.Warning,
        "The sign-in that began session {SessionId} could not end what it replaces; it stands, and the ending is tried again in the background.",
        EventName = "SessionEndingFailed"
    )]
    public static partial void EndingFailed(ILogger log, SessionId sessionId, Exception exception);

    [LoggerMessage(
        28,
        LogLevel.Error,
        "The sign-in that began session {SessionId} could not end what it replaces, and it is not tried again; that ends when it expires.",
        EventName = "SessionEndingGivenUp"
    )]
    public static partial void EndingGivenUp(ILogger log, SessionId sessionId);

    public static void CacheWithoutFeed(ILogger log, string name, TimeSpan maxStaleness) =>
        CacheWithoutFeedCore(log, FormatName(name), maxStaleness);

    public static string FormatName(string name) => name.Length == 0 ? "the default sessions" : $"the sessions \"{name}\"";

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

    [LoggerMessage(
        29,
        LogLevel.Warning,
        "A token of session {SessionId} is newer than the store's record of it. The store has lost a write: a failover or a restored backup does that. The session lives.",
        EventName = "SessionTokenAhead"
    )]
    public static partial void TokenAhead(ILogger log, SessionId sessionId);

    [LoggerMessage(
        30,
        LogLevel.Error,
        "Ending session {SessionId}, whose token was refused, failed. The next request with that token tries again.",
        EventName = "SessionRejectedEndingFailed"
    )]
    public static partial void RejectedEndingFailed(ILogger log, SessionId sessionId, Exception exception);

    [LoggerMessage(
        31,
        LogLevel.Warning,
        "The handlers of {EventName} take longer than {Timeout}. The request goes on without them.",
        EventName = "SessionEventTimedOut"
    )]
    public static partial void EventTimedOut(ILogger log, string eventName, TimeSpan timeout);

    [LoggerMessage(
        36,
        LogLevel.Warning,
        "The cookie {Cookie} is Secure, and a response to plain HTTP at {Host} sets it: no browser keeps it. Serve HTTPS; behind a proxy that ends TLS add UseForwardedHeaders; for development on http://localhost call UseDevelopmentCookie().",
        EventName = "SessionSecureCookieOverHttp"
    )]
    public static partial void SecureCookieOverHttp(ILogger log, string cookie, string host);

    [LoggerMessage(
        35,
        LogLevel.Warning,
        "The host stops before the store has answered: the last uses of some sessions are not written.",
        EventName = "SessionFlushAbandoned"
    )]
    public static partial void FlushAbandoned(ILogger log);
}
