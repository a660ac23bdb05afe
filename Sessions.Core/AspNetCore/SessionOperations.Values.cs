namespace Sessions.AspNetCore;

/// <content>The application's values and its user.</content>
internal static partial class SessionOperations
{
    public static async ValueTask<SessionUpdate> UpdateValuesAsync(SessionUpFeature feature, ValuesPatch patch)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is not { } current)
        {
            return SessionUpdate.Gone;
        }

        var update = await feature.Services.Manager.UpdateValuesAsync(current, patch, NotCancelled).ConfigureAwait(false);
        if (update.Session is { } session)
        {
            // Only the values: what a proof allows that was given meanwhile belongs to another token than the one that was shown here.
            feature.ReplaceSession(current with { Values = session.Values });
        }
        else
        {
            await SetGoneAsync(feature).ConfigureAwait(false);
        }

        return update;
    }

    /// <summary>Sets one value. Without a session a visitor's begins with it.</summary>
    /// <returns>Whether it is stored: not when no session could be begun, or when it does not fit.</returns>
    public static async ValueTask<bool> SetValueAsync(SessionUpFeature feature, string key, string value)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        if (feature.GetSession() is null)
        {
            var init = new SessionInit { Values = SessionValues.Empty.Set(key, value) };
            return await StartVisitorAsync(feature, init).ConfigureAwait(false) is not null;
        }

        var update = await UpdateValuesAsync(feature, ValuesPatch.Empty.Set(key, value)).ConfigureAwait(false);
        return update.Outcome == SessionUpdateOutcome.Applied;
    }

    public static async ValueTask<string?> TakeValueAsync(SessionUpFeature feature, string key)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        // A value that the session does not have costs no call of the store.
        if (feature.GetSession()?.Values.ContainsKey(key) != true)
        {
            return null;
        }

        var update = await UpdateValuesAsync(feature, ValuesPatch.Empty.Remove(key)).ConfigureAwait(false);
        return update.Removed.GetValueOrDefault(key);
    }

    /// <summary>Loads the user again, for instance after a change of the user's data.</summary>
    public static async ValueTask<object?> RefreshUserAsync(SessionUpFeature feature)
    {
        using var turn = await feature.Verbs.EnterAsync().ConfigureAwait(false);
        var (context, load) = (feature.HttpContext, feature.Services.LoadUser);
        var user =
            feature.GetSession() is { UserKey: not null } session && load is not null
                ? await load(session, context.RequestServices, context.RequestAborted).ConfigureAwait(false)
                : null;
        feature.SetUser(user);
        return user;
    }
}
