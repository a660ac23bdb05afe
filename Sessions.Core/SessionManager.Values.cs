namespace Sessions;

/// <content>The application's values.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Changes values of a session, key by key, within <see cref="SessionUpOptions.MaxValuesBytes"/>. An id does not show whether it is a
    /// visitor's: the lower limit of <see cref="SessionUpOptions.MaxVisitorValuesBytes"/> holds for what requests of visitors change.
    /// </summary>
    /// <returns>The outcome with the session as it is stored now, and what the removed keys held.</returns>
    public ValueTask<SessionUpdate> UpdateValuesAsync(SessionId id, ValuesPatch patch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _store.UpdateAsync(id, new SessionPatch { Values = patch, MaxValuesBytes = _options.MaxValuesBytes }, cancellationToken);
    }

    /// <summary>Reads a value once: removes it and returns what it held. Of two that take one value, one gets it.</summary>
    /// <returns>What it held; null: it was not there, or the session is gone.</returns>
    public async ValueTask<string?> TakeValueAsync(SessionId id, string key, CancellationToken cancellationToken = default)
    {
        var update = await UpdateValuesAsync(id, ValuesPatch.Empty.Remove(key), cancellationToken).ConfigureAwait(false);
        return update.Removed.GetValueOrDefault(key);
    }

    /// <summary>Changes values of a session that a request has, within the limit of users or that of visitors.</summary>
    internal ValueTask<SessionUpdate> UpdateValuesAsync(Session session, ValuesPatch patch, CancellationToken cancellationToken) =>
        _store.UpdateAsync(
            session.Id,
            new SessionPatch { Values = patch, MaxValuesBytes = GetMaxValuesBytes(session.UserKey) },
            cancellationToken
        );

    private int GetMaxValuesBytes(string? userKey) =>
        userKey is null ? Math.Min(_options.MaxVisitorValuesBytes, _options.MaxValuesBytes) : _options.MaxValuesBytes;

    private static void ThrowIfTooLarge(SessionValues values, int limit)
    {
        if (values.ByteCount > limit)
        {
            throw new ArgumentException($"The values have {values.ByteCount} bytes of UTF-8; the limit is {limit}.", nameof(values));
        }
    }
}
