namespace Sessions.AspNetCore;

/// <content>Listing and ending sessions.</content>
internal static partial class SessionOperations
{
    public static async ValueTask<IReadOnlyList<ListedSession>> FetchAllAsync(SessionUpFeature feature) =>
        feature.GetSession() is { } current
            ? await feature.Services.Manager.FetchAllAsync(current, feature.HttpContext.RequestAborted).ConfigureAwait(false)
            : [];

    public static async ValueTask<bool> RevokeAsync(SessionUpFeature feature)
    {
        if (feature.GetSession() is not { } current)
        {
            return await SignOutAsync(feature).ConfigureAwait(false) is not null;
        }

        var ended = await feature.Services.Manager.RevokeAsync(current, current.Id, NotCancelled).ConfigureAwait(false);
        feature.SetSignedOut();
        return ended;
    }

    public static ValueTask<bool> RevokeAsync(SessionUpFeature feature, SessionId id) =>
        feature.GetSession() is not { } current ? new(false)
        : current.Id == id ? RevokeAsync(feature)
        : feature.Services.Manager.RevokeAsync(current, id, NotCancelled);

    public static async ValueTask<int?> RevokeOthersAsync(SessionUpFeature feature)
    {
        if (feature.GetSession() is not { } current)
        {
            return null;
        }

        var revoked = await feature.Services.Manager.RevokeOtherAsync(current, NotCancelled).ConfigureAwait(false);
        if (revoked is null)
        {
            feature.SetGone();
        }

        return revoked;
    }

    public static async ValueTask<int?> RevokeAllAsync(SessionUpFeature feature)
    {
        if (feature.GetSession() is not { } current)
        {
            return null;
        }

        var revoked = await feature.Services.Manager.RevokeAllAsync(current, NotCancelled).ConfigureAwait(false);
        feature.SetSignedOut();
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
            feature.ReadToken() == SessionRejection.None
                ? await feature.Services.Manager.SignOutAsync(feature.Token, NotCancelled).ConfigureAwait(false)
                : null;
        feature.SetSignedOut();
        return ended;
    }
}
