namespace Sessions;

/// <summary>
/// Tells operating system, browser and device kind from what a client says of itself. Register your own to replace the default.
/// </summary>
/// <remarks>
/// Everything in the headers is the client's word: fit for a list of devices and for noticing a change, never for granting anything. What was read of equal headers may be used
/// again, so it has to depend on nothing else.
/// </remarks>
public interface IUserAgentReader
{
    /// <summary>Reads the headers. Never throws, whatever they hold; what cannot be told is null.</summary>
    UserAgent Read(UserAgentHeaders headers);
}
