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
            return false;
        }

        var ended = await feature.Services.Manager.RevokeAsync(current, current.Id, NotCancelled).ConfigureAwait(false);
        feature.SetEnded(SessionRejection.Revoked);
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
            feature.SetEnded(SessionRejection.Unknown);
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
        feature.SetEnded(SessionRejection.Revoked);
        return revoked;
    }
}
