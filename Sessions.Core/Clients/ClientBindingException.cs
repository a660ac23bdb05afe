namespace Sessions;

/// <summary>
/// A session was to begin whose binding would refuse its own client with every request: the address is not known, or the User-Agent header
/// is missing or names no known browser. Nothing was changed. Over HTTP the answer is 403 with the reason <c>client</c>.
/// </summary>
public sealed class ClientBindingException : InvalidOperationException
{
    internal ClientBindingException()
        : base(
            "The client cannot be compared with itself, so a session bound to it would refuse every request: its address is not known, or its User-Agent header is missing or names no known browser."
        ) { }
}
