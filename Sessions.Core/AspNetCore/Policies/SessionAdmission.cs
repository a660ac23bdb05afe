using Microsoft.AspNetCore.Http;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>
/// The one decision on a request: gate, MVC filter, middleware, authentication scheme and tickets all come here. A result stays with the
/// request, so a second admission costs nothing.
/// </summary>
internal static class SessionAdmission
{
    /// <summary>Evaluates what the request shows, once a request; applies the policy; follows up on an accepted session.</summary>
    public static ValueTask<SessionAuthResult> AdmitAsync(HttpContext context, SessionPolicy policy)
    {
        var feature = SessionUpFeature.GetOrAdd(context, policy.Services);

        // Only an acceptance by the cache is evaluated again, where the policy asks for it: a refusal always comes from the store.
        var pending =
            feature.Found is { } found && !(policy.BypassCache && feature.IsCached && found.IsAccepted)
                ? new ValueTask<SessionAuthResult>(ApplyRequestRules(feature, found))
                : EvaluateAsync(feature, policy.BypassCache);

        // A result from memory is complete already: no layer has to await it.
        return pending.IsCompletedSuccessfully ? DecideAsync(feature, policy, pending.Result) : AwaitAsync(feature, policy, pending);

        static async ValueTask<SessionAuthResult> AwaitAsync(
            SessionUpFeature feature,
            SessionPolicy policy,
            ValueTask<SessionAuthResult> pending
        ) => await DecideAsync(feature, policy, await pending.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static ValueTask<SessionAuthResult> DecideAsync(SessionUpFeature feature, SessionPolicy policy, SessionAuthResult result)
    {
        if (feature.NeedsUser(result))
        {
            return LoadUserAsync(feature, policy, result);
        }

        if (result.Session is { } session && policy.MaxAge is { } maxAge && !policy.Services.Authenticator.IsFresh(session, maxAge))
        {
            result = SessionAuthResult.Reject(SessionRejection.Reauthenticate);
        }

        feature.SetResult(result);
        feature.Refusal = result.Rejection;
        if (policy.AppliesToResponse(result))
        {
            feature.ForbidSharing();
        }

        // Before routing it is not known whether the endpoint slides the session.
        var isLater = policy.ResponseScope == SessionResponseScope.Read && !feature.HttpContext.Response.HasStarted;
        return isLater ? new(result) : RecordUseAsync(feature, policy, result);
    }

    /// <summary>
    /// The showing of a new token and the use of the session are written down, once a request: by the first policy of the endpoint, or when
    /// the response starts. Most requests leave nothing to write. A prefetch is no use: the user may never see its page.
    /// </summary>
    public static ValueTask<SessionAuthResult> RecordUseAsync(SessionUpFeature feature, SessionPolicy policy, SessionAuthResult result)
    {
        if (!result.IsAccepted || !feature.TryMarkUseRecorded() || PrefetchHeader.IsPrefetch(feature.HttpContext.Request))
        {
            return new(result);
        }

        var slide = policy.SlidesWith(feature.HttpContext);
        return policy.Services.Authenticator.NeedsRecording(result, slide) ? RecordAsync(feature, result, slide) : new(result);

        static async ValueTask<SessionAuthResult> RecordAsync(SessionUpFeature feature, SessionAuthResult result, bool slide)
        {
            var services = feature.Services;
            var client = services.Client.Read(feature.HttpContext);
            var recorded = await services.Authenticator.RecordUseAsync(result, client, slide, CancellationToken.None).ConfigureAwait(false);
            feature.SetResult(recorded);
            return recorded;
        }
    }

    private static ValueTask<SessionAuthResult> EvaluateAsync(SessionUpFeature feature, bool bypassCache)
    {
        var rejection = feature.ReadTokens();
        if (rejection != SessionRejection.None)
        {
            return new(ApplyRequestRules(feature, SessionAuthResult.Reject(rejection)));
        }

        var (context, services) = (feature.HttpContext, feature.Services);
        var client = services.Authenticator.NeedsClient ? services.Client.Read(context) : null;
        feature.IsCached = !bypassCache && services.Authenticator.HasCache;
        var pending =
            feature.OtherTokens.Length == 0
                ? services.Authenticator.AuthAsync(feature.Token, client, bypassCache, context.RequestAborted)
                : AuthAnyAsync(feature, client, bypassCache);
        return pending.IsCompletedSuccessfully ? new(ApplyRequestRules(feature, pending.Result)) : AwaitAsync(feature, pending);

        static async ValueTask<SessionAuthResult> AwaitAsync(SessionUpFeature feature, ValueTask<SessionAuthResult> pending)
        {
            SessionAuthResult result;
            try
            {
                result = await pending.ConfigureAwait(false);
            }
            catch (SessionStoreException e)
            {
                feature.StoreFailure = e;
                result = SessionAuthResult.Reject(SessionRejection.StoreUnavailable);
            }

            return ApplyRequestRules(feature, result);
        }
    }

    /// <summary>Evaluates several cookies of our name.</summary>
    private static async ValueTask<SessionAuthResult> AuthAnyAsync(SessionUpFeature feature, ClientInfo? client, bool bypassCache)
    {
        var (result, token) = await feature
            .Services.Authenticator.AuthAnyAsync(
                [feature.Token, .. feature.OtherTokens],
                client,
                bypassCache,
                feature.HttpContext.RequestAborted
            )
            .ConfigureAwait(false);
        feature.SelectToken(token);
        return result;
    }

    /// <summary>
    /// What the request itself adds to the result: a foreign origin is refused, here and nowhere else (<see cref="CrossOriginRule"/> only
    /// says whether it is one). A cookie that opens nothing stays: by the time the answer arrives the browser may have another.
    /// </summary>
    private static SessionAuthResult ApplyRequestRules(SessionUpFeature feature, SessionAuthResult result)
    {
        var context = feature.HttpContext;
        if (result.IsAccepted && feature.Source != CredentialSource.Bearer && feature.Services.CrossOrigin.IsForeign(context))
        {
            result = feature.Withhold(result);
        }

        return result;
    }

    private static async ValueTask<SessionAuthResult> LoadUserAsync(
        SessionUpFeature feature,
        SessionPolicy policy,
        SessionAuthResult result
    )
    {
        var context = feature.HttpContext;
        try
        {
            var user = await feature
                .Services.LoadUser!(result.Session!, context.RequestServices, context.RequestAborted)
                .ConfigureAwait(false);
            feature.SetUser(user);
            if (user is null)
            {
                result = SessionAuthResult.Reject(SessionRejection.UserUnknown);
            }
        }
#pragma warning disable CA1031 // Any failure of the application's user lookup is answered with 503; it signs no user out.
        catch (Exception e) when (e is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            SessionLog.UserFailed(feature.Services.Log, result.Session!.Id, e);
            result = SessionAuthResult.Reject(SessionRejection.UserUnavailable);
        }

        return await DecideAsync(feature, policy, result).ConfigureAwait(false);
    }
}
