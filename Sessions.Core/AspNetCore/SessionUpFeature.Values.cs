namespace Sessions.AspNetCore;

/// <content>The application's values.</content>
internal sealed partial class SessionUpFeature
{
    public async ValueTask<SessionUpdate> UpdateValuesAsync(ValuesPatch patch)
    {
        if (GetSession() is not { } current)
        {
            return SessionUpdate.Gone;
        }

        var update = await _services.Manager.UpdateValuesAsync(current.Id, patch, NotCancelled).ConfigureAwait(false);
        if (update.Session is { } session)
        {
            _result = _result!.Value.WithSession(session);
        }
        else
        {
            SetEnded(SessionRejection.Unknown);
        }

        return update;
    }

    /// <summary>Sets one value. A stranger becomes a visitor with it.</summary>
    /// <returns>Whether it is stored: not when no session could be begun, or when it does not fit.</returns>
    public async ValueTask<bool> SetValueAsync(string key, string value) =>
        GetSession() is null
            ? await StartVisitorAsync(new SessionInit { Values = SessionValues.Empty.Set(key, value) }).ConfigureAwait(false) is not null
            : (await UpdateValuesAsync(ValuesPatch.Empty.Set(key, value)).ConfigureAwait(false)).Outcome == SessionUpdateOutcome.Applied;

    public async ValueTask<string?> TakeValueAsync(string key)
    {
        // What is not there cannot be taken, and costs no call.
        if (GetSession()?.Values.ContainsKey(key) != true)
        {
            return null;
        }

        return (await UpdateValuesAsync(ValuesPatch.Empty.Remove(key)).ConfigureAwait(false)).Removed.GetValueOrDefault(key);
    }
}
