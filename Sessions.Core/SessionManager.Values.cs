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

    /// <summary>Reads a value once: removes it and returns what it held. Of two that take one value, one gets it.</summary>
    /// <returns>What it held; null: it was not there, or the session is gone.</returns>
    public async ValueTask<string?> TakeValueAsync(SessionId id, string key, CancellationToken cancellationToken = default)
    {
        var update = await UpdateValuesAsync(id, ValuesPatch.Empty.Remove(key), cancellationToken).ConfigureAwait(false);
        return update.Removed.GetValueOrDefault(key);
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
