namespace Sessions.AspNetCore;

/// <content>New secrets, and the end of the request.</content>
internal static partial class SessionOperations
{
    /// <summary>
    /// The response starts: the last moment at which a token can still reach the browser. A rotation that does not succeed is made good by
    /// a later request.
    /// </summary>
    public static Task CompleteResponseAsync(SessionUpFeature feature)
    {
        // Where no policy of the endpoint has recorded the use of the session: now the endpoint is known.
        if (feature is { IsUseRecorded: false, Result: { IsAccepted: true } result })
        {
            var policy = EndpointSessionPolicy.GetAuthenticationPolicy(feature.HttpContext, feature.Services);
            var pending = SessionAdmission.RecordUseAsync(feature, policy, result);
            if (!pending.IsCompletedSuccessfully)
            {
                return AwaitAsync(feature, pending);
            }
        }

        var raising = feature.RaiseRejectedAsync(isRequired: false);
        return raising.IsCompletedSuccessfully ? CompleteCookieAsync(feature) : AwaitRaisingAsync(feature, raising);

        static async Task AwaitRaisingAsync(SessionUpFeature feature, ValueTask raising)
        {
            await raising.ConfigureAwait(false);
            await CompleteCookieAsync(feature).ConfigureAwait(false);
        }

        static async Task AwaitAsync(SessionUpFeature feature, ValueTask<SessionAuthResult> pending)
        {
            await pending.ConfigureAwait(false);
            await CompleteCookieAsync(feature).ConfigureAwait(false);
        }
    }

    public static async ValueTask<IssuedSession?> ReauthenticateAsync(SessionUpFeature feature, string? method)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is null)
        {
            return null;
        }

        ThrowIfTokenCannotBeReplaced(feature);
        var issued = await feature
            .Services.Authenticator.ReauthenticateAsync(feature.Result!.Value, feature.Token, method, NotCancelled)
            .ConfigureAwait(false);
        if (issued is not null)
        {
            feature.ReplaceToken(issued.Session, issued.Token);
        }

        return issued;
    }

    public static async ValueTask<SessionToken?> RotateAsync(SessionUpFeature feature)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            return null;
        }

        ThrowIfTokenCannotBeReplaced(feature);
        var next = await feature
            .Services.Authenticator.RotateAsync(feature.Result!.Value, feature.Token, NotCancelled)
            .ConfigureAwait(false);
        if (next is { } token)
        {
            feature.ReplaceToken(current, token);
        }

        return next;
    }

    private static Task CompleteCookieAsync(SessionUpFeature feature)
    {
        if (
            !feature.Response.ChangesCookie
            && feature is { Source: CredentialSource.Cookie, Result: { IsAccepted: true } result }
            && feature.Services.Authenticator.IsCookieDue(result)
            && !PrefetchHeader.IsPrefetch(feature.HttpContext.Request)
        )
        {
            return RenewTokenAsync(feature, result);
        }

        WriteHeaders(feature);
        return Task.CompletedTask;
    }

    private static async Task RenewTokenAsync(SessionUpFeature feature, SessionAuthResult result)
    {
        var next = await feature.Services.Authenticator.RenewTokenAsync(result, feature.Token, NotCancelled).ConfigureAwait(false);
        if (next is { } token)
        {
            feature.SetCookie(result.Session!, token);
        }

        WriteHeaders(feature);
    }

    private static void WriteHeaders(SessionUpFeature feature)
    {
        feature.Response.WriteCookie(feature.HttpContext, feature.Services);
        ResponseGuard.Complete(feature.HttpContext);
    }

    private static void ThrowIfTokenCannotBeReplaced(SessionUpFeature feature)
    {
        if (feature.Source == CredentialSource.Ticket)
        {
            throw new InvalidOperationException(
                "The token of this session is in the cookie of ASP.NET Core's cookie authentication, which alone can replace it. Sign the user in again with SignInAsync."
            );
        }

        ThrowIfCookieCannotBeSet(feature);
    }
}
