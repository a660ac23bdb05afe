using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// What an endpoint can do with the sessions of its request. Holds nothing: what a request showed is in its <see cref="SessionUpFeature"/>,
/// what the response will say in its <see cref="SessionResponseHeaders"/>.
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
        ThrowIfCookieCannotBeSet(feature);
        var completed = CompleteInit(feature, init, GetReplacedToken(feature));
        return SetIssued(feature, await feature.Services.Manager.InitAsync(userKey, completed, NotCancelled).ConfigureAwait(false));
    }

    /// <exception cref="InvalidOperationException">Bearer tokens are off.</exception>
    public static async ValueTask<IssuedSession> IssueBearerAsync(SessionUpFeature feature, string userKey, SessionInit init)
    {
        var services = feature.Services;
        if (!services.Options.AllowBearerTokens)
        {
            throw new InvalidOperationException(
                "Bearer tokens are off, so the issued one would open nothing. Set SessionHttpOptions.AllowBearerTokens with ConfigureHttp."
            );
        }

        // Neither reads nor sets a cookie: nothing that a browser adds on its own counts here, so there is no foreign origin to refuse.
        SessionToken? replaced =
            services.ReadToken(feature.HttpContext.Request, out var shown, out var source) == SessionRejection.None
            && source == CredentialSource.Bearer
                ? shown
                : null;
        var completed = CompleteInit(feature, init, replaced) with { IsBearer = true };
        var issued = await services.Manager.InitAsync(userKey, completed, NotCancelled).ConfigureAwait(false);
        SetIssued(feature, issued, CredentialSource.Bearer);
        return issued;
    }

    /// <summary>The visitor's session, begun if there is none yet and there may be one.</summary>
    public static async ValueTask<Session?> StartVisitorAsync(SessionUpFeature feature, SessionInit init)
    {
        var policy = SessionPolicy.ForVerb(feature.Services);
        var result = await SessionAdmission.AdmitAsync(feature.HttpContext, policy).ConfigureAwait(false);
        if (result.Session is { } session)
        {
            return session;
        }

        ThrowIfCookieCannotBeSet(feature);

        // In all other cases the browser may well hold a session that this request cannot see, and a new cookie would lose it.
        if (!HoldsNoSession(result.Rejection) || IsCookieWithheld(feature))
        {
            return null;
        }

        var completed = CompleteInit(feature, init, replacedToken: null);
        return SetIssued(feature, await feature.Services.Manager.StartVisitorAsync(completed, NotCancelled).ConfigureAwait(false));
    }

    public static async ValueTask<bool> LogOutAsync(SessionUpFeature feature, bool keepValues)
    {
        if (feature.GetSession() is not { } current)
        {
            return await SignOutAsync(feature).ConfigureAwait(false) is not null;
        }

        if (keepValues)
        {
            ThrowIfCookieCannotBeSet(feature);
        }

        var visitor = await feature.Services.Manager.LogOutAsync(current, keepValues, NotCancelled).ConfigureAwait(false);
        feature.SetSignedOut();
        if (visitor is not null)
        {
            SetIssued(feature, visitor);
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
            throw new CrossOriginSessionException();
        }
    }

    /// <summary>The token that the client holds.</summary>
    private static SessionToken? GetReplacedToken(SessionUpFeature feature)
    {
        if (feature.Response.NewToken is { } issued)
        {
            return issued;
        }

        if (feature is { Source: CredentialSource.Ticket, Result.IsAccepted: true })
        {
            return feature.Token;
        }

        return feature.Services.ReadToken(feature.HttpContext.Request, out var shown, out _) == SessionRejection.None ? shown : null;
    }

    private static SessionInit CompleteInit(SessionUpFeature feature, SessionInit init, SessionToken? replacedToken) =>
        init with
        {
            Client = init.Client ?? feature.Services.Client.Read(feature.HttpContext),
            ReplacedToken = init.ReplacedToken ?? replacedToken,
        };

    /// <summary>
    /// Whether the browser that showed a token certainly has no session with it. One that a sign-in replaced is about to have another.
    /// </summary>
    private static bool HoldsNoSession(SessionRejection rejection) =>
        rejection
            is SessionRejection.NoToken
                or SessionRejection.Unknown
                or SessionRejection.Expired
                or SessionRejection.Ended
                or SessionRejection.WrongToken
                or SessionRejection.Revoked;

    /// <summary>
    /// A browser does not send a strict cookie when another site leads here: that none was sent does not mean that there is none.
    /// </summary>
    private static bool IsCookieWithheld(SessionUpFeature feature) =>
        feature.Services.Options.Cookie.SameSite == SameSiteMode.Strict && FetchMetadata.IsCrossSite(feature.HttpContext.Request);

    private static Session SetIssued(SessionUpFeature feature, IssuedSession issued, CredentialSource source = CredentialSource.Cookie)
    {
        feature.SetIssued(issued, source);
        ServerCaches.ForbidStorage(feature.HttpContext);
        return issued.Session;
    }
}
