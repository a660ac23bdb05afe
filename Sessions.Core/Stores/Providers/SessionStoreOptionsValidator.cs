namespace Sessions.Stores;

/// <summary>
/// For authors of stores: checks the options of a store where the store is made. That is before the host listens, and for a store that is
/// made by hand as well.
/// </summary>
/// <typeparam name="TOptions">The options.</typeparam>
public abstract class SessionStoreOptionsValidator<TOptions>
    where TOptions : class
{
    /// <summary>Checks options.</summary>
    /// <exception cref="SessionConfigurationException">They cannot work; the message holds every failure.</exception>
    public void ThrowIfInvalid(TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = GetFailures(options).ToList();
        if (failures.Count > 0)
        {
            throw new SessionConfigurationException(string.Join(' ', failures));
        }
    }

    /// <summary>What cannot work, each in a sentence that says what to do.</summary>
    protected abstract IEnumerable<string> GetFailures(TOptions options);
}
