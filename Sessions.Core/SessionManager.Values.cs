namespace Sessions;

/// <content>The application's values.</content>
public sealed partial class SessionManager
{
    /// <summary>Changes values of a session, key by key, within <see cref="SessionUpOptions.MaxValuesBytes"/>.</summary>
    /// <returns>The outcome with the session as it is stored now, and what the removed keys held.</returns>
    public ValueTask<SessionUpdate> UpdateValuesAsync(SessionId id, ValuesPatch patch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _store.UpdateAsync(id, new SessionPatch { Values = patch, MaxValuesBytes = _options.MaxValuesBytes }, cancellationToken);
    }

    /// <summary>Reads a value once: removes it and tells what it held. Of two that take one value, one gets it.</summary>
    /// <returns>What it held; null: it was not there, or the session is gone.</returns>
    public async ValueTask<string?> TakeValueAsync(SessionId id, string key, CancellationToken cancellationToken = default)
    {
        var update = await UpdateValuesAsync(id, ValuesPatch.Empty.Remove(key), cancellationToken).ConfigureAwait(false);
        return update.Removed.GetValueOrDefault(key);
    }

    /// <summary>Bytes of UTF-8 that the values of one session may have.</summary>
    internal int MaxValuesBytes => _options.MaxValuesBytes;

    /// <summary>Changes values and moves the end, where another protocol decides how long a session lasts and when its user proved who he is.</summary>
    /// <param name="session">As a verdict told it.</param>
    /// <param name="values">What changes.</param>
    /// <param name="authenticatedAt">When the user proved again who he is; null: he did not.</param>
    /// <param name="endsAt">The new end.</param>
    /// <param name="slide">Whether this is a use of the session, which its idle time counts from.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    internal ValueTask<SessionUpdate> RenewAsync(
        Session session,
        ValuesPatch values,
        DateTimeOffset? authenticatedAt,
        DateTimeOffset endsAt,
        bool slide,
        CancellationToken cancellationToken
    )
    {
        var begun = authenticatedAt ?? session.AuthenticatedAt ?? session.CreatedAt;
        var end = CapEnd(endsAt, begun);
        var expiresAt = ComputeExpiry(slide ? _time.Now() : session.LastSeenAt, session.IdleTimeout, end);
        var patch = new SessionPatch
        {
            Values = values,
            MaxValuesBytes = _options.MaxValuesBytes,
            Reauthentication = new Reauthentication
            {
                At = begun,
                Method = session.AuthenticationMethod,
                ExpiresAt = expiresAt,
                EndsAt = end,
            },
        };
        return _store.UpdateAsync(session.Id, patch, cancellationToken);
    }

    private void ThrowIfTooLarge(SessionValues values)
    {
        if (values.ByteCount > _options.MaxValuesBytes)
        {
            throw new ArgumentException(
                $"The values have {values.ByteCount} bytes of UTF-8; the limit is {_options.MaxValuesBytes}.",
                nameof(values)
            );
        }
    }
}
