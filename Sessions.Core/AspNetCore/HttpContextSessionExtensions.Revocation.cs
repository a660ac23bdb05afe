using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <content>Ending sessions. Without a session these do nothing and say so. They work after the response has started too, but then the
/// cookie stays, dead.</content>
public static partial class HttpContextSessionExtensions
{
    /// <summary>Ends this session and takes its cookie back (logout).</summary>
    /// <returns>Whether a session was ended.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static ValueTask<bool> RevokeSessionAsync(this HttpContext context, string name = "") =>
        SessionOperations.RevokeAsync(GetFeature(context, name));

    /// <summary>Ends one session of the user of this session. One of another user and one that is not there look the same.</summary>
    /// <returns>Whether a session was ended.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static ValueTask<bool> RevokeSessionAsync(this HttpContext context, SessionId id, string name = "") =>
        SessionOperations.RevokeAsync(GetFeature(context, name), id);

    /// <summary>Ends every session of the user of this session but this one.</summary>
    /// <returns>How many were ended; null: there is no session, or it was ended meanwhile, and nothing was done.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static ValueTask<int?> RevokeOtherSessionsAsync(this HttpContext context, string name = "") =>
        SessionOperations.RevokeOthersAsync(GetFeature(context, name));

    /// <summary>Ends every session of the user of this session, and takes this one's cookie back.</summary>
    /// <returns>
    /// How many were ended; null: there is no session, and none was ended. An old token that opens nothing any more ends only its own.
    /// </returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static ValueTask<int?> RevokeAllSessionsAsync(this HttpContext context, string name = "") =>
        SessionOperations.RevokeAllAsync(GetFeature(context, name));
}
