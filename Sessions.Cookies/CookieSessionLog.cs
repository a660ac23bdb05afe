using Microsoft.Extensions.Logging;

namespace Sessions.Cookies;

/// <summary>Every log message of cookie sessions, with its number. What is in a cookie is never logged.</summary>
internal static partial class CookieSessionLog
{
    [LoggerMessage(1, LogLevel.Debug, "A cookie of the cookie sessions \"{Name}\" has expired.", EventName = "CookieSessionExpired")]
    public static partial void Expired(ILogger log, string name);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "A cookie of the cookie sessions \"{Name}\" was not accepted: {Reason}. Before it, {Passed} more were logged at level Debug.",
        EventName = "CookieSessionRejected"
    )]
    public static partial void Rejected(ILogger log, string name, CookieSessionRejection reason, int passed, Exception? exception);

    [LoggerMessage(
        4,
        LogLevel.Debug,
        "A cookie of the cookie sessions \"{Name}\" was not accepted: {Reason}.",
        EventName = "CookieSessionRejectedAgain"
    )]
    public static partial void RejectedAgain(ILogger log, string name, CookieSessionRejection reason, Exception? exception);

    [LoggerMessage(3, LogLevel.Error, "A handler of OnRejected threw; the request goes on.", EventName = "CookieSessionHandlerFailed")]
    public static partial void HandlerFailed(ILogger log, Exception exception);
}
