using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <summary>
/// What an endpoint can do with its sessions. Every verb takes the name of the sessions that are meant; without it, the default ones. A
/// verb that changes something is not cancelled when the client disconnects. Verbs of one request run one after the other, also when a
/// handler starts them together. All that reach the store throw <see cref="SessionStoreException"/> when it fails, which the filters answer
/// with 503.
/// </summary>
public static partial class HttpContextSessionExtensions
{
    /// <summary>The session of this request; null, if there is none. After a session was begun or ended here, that counts.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter, so the session was not loaded. Absence is not the
    /// same.</exception>
    public static Session? GetSession(this HttpContext context, string name = "") => GetAuthResult(context, name).Session;

    /// <summary>Why there is no session; <see cref="SessionRejection.None"/>, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter, so the session was not loaded.</exception>
    public static SessionRejection GetSessionRejection(this HttpContext context, string name = "") =>
        GetAuthResult(context, name).Rejection;

    /// <summary>
    /// Signs a user in: begins a session and sets its cookie, on any endpoint. The session that the browser held until now ends with it, if
    /// its token matches; the values of a visitor and of the same user come along unless <see cref="SessionInit.CopyValues"/> is false.
    /// Address and agent of the client are recorded as <see cref="SessionUpOptions"/> say. The user that <c>LoadUser</c> loads is there
    /// afterwards; where loading fails, the sign-in stands without it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response has started. Nothing was changed.</exception>
    /// <exception cref="BadHttpRequestException">
    /// Status 403: the request comes from a foreign origin ("login CSRF"). Nothing was changed. Servers and filters answer with that
    /// status.
    /// </exception>
    /// <exception cref="ArgumentException">The user key, the lifetime or the values are not what can be stored. Nothing was
    /// changed.</exception>
    /// <exception cref="SessionLimitException">The user has as many sessions as the limit allows, and the policy is to refuse
    /// another.</exception>
    public static ValueTask<Session> InitSessionAsync(
        this HttpContext context,
        string userKey,
        SessionInit? init = null,
        string name = ""
    ) => SessionOperations.InitAsync(GetFeature(context, name), userKey, init ?? new SessionInit());

    /// <summary>
    /// Begins a session of a user for a client that keeps its token itself and sends it as <c>Authorization: Bearer</c>. Neither reads nor
    /// sets a cookie; the token is in what is returned, once. The response gets <c>Cache-Control: no-store</c>, as RFC 6749 section 5.1
    /// demands.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="SessionHttpOptions.AllowBearerTokens"/> is off. Nothing was
    /// changed.</exception>
    /// <inheritdoc cref="InitSessionAsync" path="/exception[@cref='ArgumentException' or @cref='SessionLimitException']"/>
    public static ValueTask<IssuedSession> IssueBearerSessionAsync(
        this HttpContext context,
        string userKey,
        SessionInit? init = null,
        string name = ""
    ) => SessionOperations.IssueBearerAsync(GetFeature(context, name), userKey, init ?? new SessionInit());

    /// <summary>The live sessions of the user of this session, oldest first, as the user may see them; empty without a session.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static ValueTask<IReadOnlyList<ListedSession>> FetchAllSessionsAsync(this HttpContext context, string name = "") =>
        SessionOperations.FetchAllAsync(GetFeature(context, name));

    /// <summary>
    /// Where the browser wanted to go before it was led to <see cref="SessionHttpOptions.LoginPath"/>; null, if nowhere, or if what stands
    /// in the address is not local to this application.
    /// </summary>
    public static string? GetSessionReturnUrl(this HttpContext context, string name = "")
    {
        ArgumentNullException.ThrowIfNull(context);
        var url = context.Request.Query[NamedSessionServices.Resolve(context.RequestServices, name).Options.ReturnUrlParameter];
        return url.Count == 1 && ReturnUrl.IsLocal(url[0]) ? url[0] : null;
    }

    internal static InvalidOperationException CreateNotEvaluatedException(string name)
    {
        var (which, argument) = name.Length == 0 ? ("The session", "") : ($"The session named \"{name}\"", $"\"{name}\"");
        return new(
            $"{which} of this request was not evaluated. Add .RequireSession({argument}) or .PublicSession({argument}) to the endpoint or its group."
        );
    }

    private static SessionAuthResult GetAuthResult(HttpContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<ISessionUpFeature>()?.GetAuthResult(name) ?? throw CreateNotEvaluatedException(name);
    }

    private static SessionUpFeature GetFeature(HttpContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SessionUpFeature.GetOrAdd(context, NamedSessionServices.Resolve(context.RequestServices, name));
    }
}
