using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <content>Visitors who come, sign in and out; users who prove again who they are; new secrets.</content>
public static partial class HttpContextSessionExtensions
{
    /// <summary>
    /// The session of this request, or a visitor's that is begun now. A visitor costs nothing before this is called.
    /// </summary>
    /// <returns>
    /// Null when none may be begun, since the browser may hold a session: while the store cannot be reached or the user cannot be loaded;
    /// when the token that it showed is late, damaged or was replaced a moment ago; and on a cross-site request with which browsers hold
    /// the cookie back.
    /// </returns>
    /// <inheritdoc cref="InitSessionAsync" path="/exception"/>
    public static ValueTask<Session?> StartVisitorSessionAsync(this HttpContext context, SessionInit? init = null, string name = "") =>
        SessionOperations.StartVisitorAsync(GetFeature(context, name), init ?? new SessionInit());

    /// <summary>Signs the user out, who is a visitor from then on. Does nothing to a visitor.</summary>
    /// <param name="context">The request.</param>
    /// <param name="keepValues">
    /// Whether the visitor keeps the values, in a session of their own. It is stored first: where that fails, nothing was changed.
    /// </param>
    /// <param name="name">The name of the sessions; empty for the default.</param>
    /// <returns>Whether a user was signed out.</returns>
    /// <exception cref="InvalidOperationException">
    /// The endpoint has neither filter; or the response has started, so that the visitor's cookie can no longer be set. Nothing was
    /// changed.
    /// </exception>
    public static ValueTask<bool> LogOutSessionAsync(this HttpContext context, bool keepValues = false, string name = "") =>
        SessionOperations.LogOutAsync(GetFeature(context, name), keepValues);

    /// <summary>
    /// The user has authenticated again: both clocks of the session start anew, and it gets a new token. What the proof allows belongs to
    /// that one; the old token stays good for a while with what it allowed before.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="method">How the user authenticated; RFC 8176 lists common names.</param>
    /// <param name="name">The name of the sessions; empty for the default.</param>
    /// <returns>
    /// The session with its new token, which a bearer client must be given; null without a session, or when another request was faster.
    /// </returns>
    /// <inheritdoc cref="LogOutSessionAsync" path="/exception"/>
    public static ValueTask<IssuedSession?> ReauthenticateAsync(this HttpContext context, string? method = null, string name = "") =>
        SessionOperations.ReauthenticateAsync(GetFeature(context, name), method);

    /// <summary>Gives the session a new secret now. The old one stays good for a grace.</summary>
    /// <returns>The new token, which a bearer client must be given; null without a session, or when another request was faster.</returns>
    /// <inheritdoc cref="LogOutSessionAsync" path="/exception"/>
    public static ValueTask<SessionToken?> RotateSessionAsync(this HttpContext context, string name = "") =>
        SessionOperations.RotateAsync(GetFeature(context, name));
}
