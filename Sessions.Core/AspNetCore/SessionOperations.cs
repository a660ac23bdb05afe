using Microsoft.AspNetCore.Http;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>
/// What an endpoint can do with the sessions of its request. Holds nothing: what a request showed is in its <see cref="SessionUpFeature"/>,
/// what the response will say in its <see cref="SessionResponseHeaders"/>. Each verb waits for those that the request began before it.
/// </summary>
internal static partial class SessionOperations
{
    // A client that disconnects does not cancel a change: half a sign-in, or a sign-out that did not happen, is worse than a response that
    // is read by no client.
    private static CancellationToken NotCancelled => CancellationToken.None;

    /// <exception cref="InvalidOperationException">The response has started.</exception>
    /// <exception cref="BadHttpRequestException">403: the request comes from a foreign origin.</exception>
    public static async ValueTask<Session> InitAsync(SessionUpFeature feature, string userKey, SessionInit init)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        ThrowIfCookieCannotBeSet(feature);
        var held = GetHeldTokens(feature);
        var completed = CompleteInit(feature, init, held);
        var issued = await feature.Services.Manager.InitAsync(userKey, completed, NotCancelled).ConfigureAwait(false);
        if (held.Length > 0)
        {
            feature.Response.TakeBack(feature.GetLeftCookies(areOurs: issued.ReplacedCount == held.Length));
        }

        await SetIssuedAsync(feature, issued).ConfigureAwait(false);
        return issued.Session;
    }

    /// <exception cref="InvalidOperationException">Bearer tokens are off.</exception>
    public static async ValueTask<IssuedSession> IssueBearerAsync(SessionUpFeature feature, string userKey, SessionInit init)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        var services = feature.Services;
        if (!services.Options.AllowBearerTokens)
        {
            throw new InvalidOperationException(
                "Bearer tokens are off, so the issued one would open nothing. Set SessionHttpOptions.AllowBearerTokens with ConfigureHttp."
            );
        }

        // Neither reads nor sets a cookie: nothing that a browser adds on its own counts here, so there is no foreign origin to refuse.
        SessionToken[] held =
            services.ReadTokens(feature.HttpContext.Request, out var shown, out var source) == SessionRejection.None
            && source == CredentialSource.Bearer
                ? [shown.First]
                : [];
        var completed = CompleteInit(feature, init, held) with { IsBearer = true };
        var issued = await services.Manager.InitAsync(userKey, completed, NotCancelled).ConfigureAwait(false);
        await SetIssuedAsync(feature, issued, CredentialSource.Bearer).ConfigureAwait(false);
        return issued;
    }

    /// <summary>The visitor's session, begun if there is none yet and there may be one.</summary>
    public static async ValueTask<Session?> StartVisitorAsync(SessionUpFeature feature, SessionInit init)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        var policy = SessionPolicy.ForVerb(feature.Services);
        var result = await SessionAdmission.AdmitAsync(feature.HttpContext, policy).ConfigureAwait(false);
        if (result.Session is { } session)
        {
            return session;
        }

        ThrowIfCookieCannotBeSet(feature);

        // In all other cases the browser may well hold a session that this request cannot see, and a new cookie would lose it.
        if (!result.Rejection.ShowsNoSession() || feature.HasOtherText || IsCookieWithheld(feature))
        {
            return null;
        }

        var completed = CompleteInit(feature, init, held: []);
        if (!feature.Services.Manager.CanBind(completed))
        {
            return null;
        }

        var issued = await feature.Services.Manager.StartVisitorAsync(completed, NotCancelled).ConfigureAwait(false);
        await SetIssuedAsync(feature, issued).ConfigureAwait(false);
        return issued.Session;
    }

    public static async ValueTask<bool> LogOutAsync(SessionUpFeature feature, bool keepValues)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            return await SignOutAsync(feature).ConfigureAwait(false) is not null;
        }

        if (current.UserKey is null)
        {
            return false;
        }

        if (keepValues)
        {
            ThrowIfCookieCannotBeSet(feature);
        }

        var visitor = await feature.Services.Manager.LogOutAsync(current, keepValues, NotCancelled).ConfigureAwait(false);
        await CompleteSignOutAsync(feature).ConfigureAwait(false);
        if (visitor is not null)
        {
            await SetIssuedAsync(feature, visitor).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Everything that must be so before the store is called to begin a session whose cookie this response sets.</summary>
    private static void ThrowIfCookieCannotBeSet(SessionUpFeature feature)
    {
        if (feature.HttpContext.Response.HasStarted)
        {
            throw new InvalidOperationException(
                "The response has started, so the session's cookie can no longer be set. Do this before anything is written."
            );
        }

        if (feature.Services.CrossOrigin.IsForeign(feature.HttpContext))
        {
            throw new CrossOriginSessionException(feature.Services);
        }
    }

    /// <summary>The tokens that the client holds.</summary>
    private static SessionToken[] GetHeldTokens(SessionUpFeature feature) =>
        feature.Response.NewToken is { } issued ? [issued, .. feature.OtherTokens]
        : feature.Result is { IsAccepted: true } ? [feature.Token, .. feature.OtherTokens]
        : feature.ReadTokens() == SessionRejection.None ? [feature.Token, .. feature.OtherTokens]
        : [];

    private static SessionInit CompleteInit(SessionUpFeature feature, SessionInit init, SessionToken[] held) =>
        init with
        {
            Client = init.Client ?? feature.Services.Client.Read(feature.HttpContext),
            ReplacedToken = init.ReplacedToken ?? (held.Length > 0 ? held[0] : null),
            OtherReplacedTokens = held.Length > 1 ? held[1..] : [],
        };

    /// <summary>
    /// A browser does not send every cookie when another site leads here: that none was sent does not mean that there is none.
    /// </summary>
    private static bool IsCookieWithheld(SessionUpFeature feature) =>
        feature.Services.Options.Cookie.SameSite switch
        {
            SameSiteMode.Strict => FetchMetadata.IsCrossSite(feature.HttpContext.Request),
            SameSiteMode.Lax => FetchMetadata.IsCrossSite(feature.HttpContext.Request)
                && !FetchMetadata.IsSafeNavigation(feature.HttpContext.Request),
            _ => false,
        };

    /// <summary>A session was begun: it is the one of the request, and its user is loaded as for any other request.</summary>
    private static async ValueTask SetIssuedAsync(
        SessionUpFeature feature,
        IssuedSession issued,
        CredentialSource source = CredentialSource.Cookie
    )
    {
        feature.SetIssued(issued, source);
        if (feature.Services.LoadUser is null || issued.Session.UserKey is null)
        {
            return;
        }

        try
        {
            await RefreshUserAsync(feature).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the application's lookup throws: the session is stored, and the sign-in stands.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SessionLog.UserFailed(feature.Services.Log, issued.Session.Id, e);
        }
    }
}
