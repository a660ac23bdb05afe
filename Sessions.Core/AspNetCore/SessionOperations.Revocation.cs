namespace Sessions.AspNetCore;

/// <content>Listing and ending sessions.</content>
internal static partial class SessionOperations
{
    public static async ValueTask<IReadOnlyList<ListedSession>> FetchAllAsync(SessionUpFeature feature)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        return feature.GetSession() is { } current
            ? await feature.Services.Manager.FetchAllAsync(current, feature.HttpContext.RequestAborted).ConfigureAwait(false)
            : [];
    }

    public static async ValueTask<bool> RevokeAsync(SessionUpFeature feature)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            return await SignOutAsync(feature).ConfigureAwait(false) is not null;
        }

        var ended = await feature.Services.Manager.RevokeAsync(current, current.Id, NotCancelled).ConfigureAwait(false);
        await CompleteSignOutAsync(feature).ConfigureAwait(false);
        return ended;
    }

    public static async ValueTask<bool> RevokeAsync(SessionUpFeature feature, SessionId id)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            return false;
        }

        return current.Id == id
            ? await RevokeAsync(feature).ConfigureAwait(false)
            : await feature.Services.Manager.RevokeAsync(current, id, NotCancelled).ConfigureAwait(false);
    }

    public static async ValueTask<int?> RevokeOthersAsync(SessionUpFeature feature)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            return null;
        }

        var revoked = await feature.Services.Manager.RevokeOtherAsync(current, NotCancelled).ConfigureAwait(false);
        if (revoked is null)
        {
            await SetGoneAsync(feature).ConfigureAwait(false);
        }

        return revoked;
    }

    public static async ValueTask<int?> RevokeAllAsync(SessionUpFeature feature)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            // An old token proves no more than that this session is the client's: the user's others stay.
            return await SignOutAsync(feature).ConfigureAwait(false) is null ? null : 1;
        }

        var revoked = await feature.Services.Manager.RevokeAllAsync(current, NotCancelled).ConfigureAwait(false);
        await CompleteSignOutAsync(feature).ConfigureAwait(false);
        return revoked;
    }

    /// <summary>
    /// A user signs out with a token that opens nothing any more. If it belongs to a session, however old it is, that session ends; the
    /// cookie is taken back even when nothing was left to end.
    /// </summary>
    /// <returns>The session that was ended; null: none was.</returns>
    private static async ValueTask<Session?> SignOutAsync(SessionUpFeature feature)
    {
        if (
            feature.Source != CredentialSource.Cookie
            || feature.Result?.Rejection is SessionRejection.NoToken
            || feature.Services.CrossOrigin.IsForeign(feature.HttpContext)
        )
        {
            return null;
        }

        var ended =
            feature.ReadTokens() == SessionRejection.None
                ? await feature.Services.Manager.SignOutAsync(feature.Token, NotCancelled).ConfigureAwait(false)
                : null;
        await CompleteSignOutAsync(feature).ConfigureAwait(false);
        return ended;
    }

    /// <summary>
    /// The session of the request has ended. What the browser holds in further cookies of our name ends too: the next request would find
    /// the user signed in with it.
    /// </summary>
    private static async ValueTask CompleteSignOutAsync(SessionUpFeature feature)
    {
        var others = feature.OtherTokens;
        feature.SetSignedOut();
        foreach (var token in others)
        {
            await feature.Services.Manager.SignOutAsync(token, NotCancelled).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The session has ended while the request ran, by another one. A sign-in may have replaced it, which only the store knows, and then
    /// nothing may be begun in its place.
    /// </summary>
    private static async ValueTask SetGoneAsync(SessionUpFeature feature)
    {
        var result = await feature
            .Services.Authenticator.AuthAsync(feature.Token, client: null, bypassCache: true, NotCancelled)
            .ConfigureAwait(false);
        feature.SetGone(result.IsAccepted ? SessionRejection.Unknown : result.Rejection);
    }
}
