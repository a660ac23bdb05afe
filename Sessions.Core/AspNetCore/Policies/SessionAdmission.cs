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
            feature.Result is { } known && !(policy.BypassCache && feature.IsCached && known.IsAccepted)
                ? new ValueTask<SessionAuthResult>(known)
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
        if (!policy.AppliesToResponse(result))
        {
            return new(result);
        }

        feature.Response.IsSessionDependent = true;
        ServerCaches.ForbidSharing(feature.HttpContext, result.IsAccepted);
        return result.IsAccepted && feature.TryMarkUseRecorded() ? RecordUseAsync(feature, policy, result) : new(result);
    }

    private static ValueTask<SessionAuthResult> EvaluateAsync(SessionUpFeature feature, bool bypassCache)
    {
        var rejection = feature.ReadToken();
        if (rejection != SessionRejection.None)
        {
            return new(ApplyRequestRules(feature, SessionAuthResult.Reject(rejection)));
        }

        var (context, services) = (feature.HttpContext, feature.Services);
        var client = services.Authenticator.NeedsClient ? services.Client.Read(context) : null;
        feature.IsCached = !bypassCache && services.Authenticator.HasCache;
        var pending = services.Authenticator.AuthAsync(feature.Token, client, bypassCache, context.RequestAborted);
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

    /// <summary>
    /// What the request itself adds to the result: a foreign origin is refused. A cookie that opens nothing stays: by the time the answer
    /// arrives the browser may have another.
    /// </summary>
    private static SessionAuthResult ApplyRequestRules(SessionUpFeature feature, SessionAuthResult result)
    {
        var context = feature.HttpContext;
        if (result.IsAccepted && feature.Source != CredentialSource.Bearer && feature.Services.CrossOrigin.IsForeign(context))
        {
            result = SessionAuthResult.Reject(SessionRejection.CrossOrigin);
        }

        return result;
    }

    /// <summary>
    /// The showing of a new token and the use of the session are written down. Most requests leave nothing to write. A prefetch is no use:
    /// the user may never see its page.
    /// </summary>
    private static ValueTask<SessionAuthResult> RecordUseAsync(SessionUpFeature feature, SessionPolicy policy, SessionAuthResult result)
    {
        if (FetchMetadata.IsPrefetch(feature.HttpContext.Request))
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
