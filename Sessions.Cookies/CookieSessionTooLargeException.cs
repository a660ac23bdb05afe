namespace Sessions;

/// <summary>What was to be set does not fit into the cookie. Nothing was changed, and nothing was sent.</summary>
public sealed class CookieSessionTooLargeException : Exception
{
    internal CookieSessionTooLargeException(string name, int size, int maxSize)
        : base(
            $"The cookie session \"{name}\" would take {size} bytes, and browsers keep {maxSize} at most, name and attributes included (RFC 6265bis section 5.7). "
                + "Keep less in it, let it take several cookies with CookieSessionOptions.MaxChunks, or keep it on the server."
        )
    {
        (Size, MaxSize) = (size, maxSize);
    }

    /// <summary>How many bytes of cookies it would take, names and attributes included.</summary>
    public int Size { get; }

    /// <summary>How many there are.</summary>
    public int MaxSize { get; }
}
