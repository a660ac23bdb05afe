namespace Sessions.Cookies.Protection;

/// <summary>
/// Makes text of letters, digits, <c>-</c>, <c>_</c> and <c>.</c> that only a holder of the key can make, and opens it again.
/// </summary>
internal abstract class CookieProtector
{
    public abstract string Protect(CookieEnvelope envelope);

    /// <summary>
    /// What is in it; null when it is not, to the letter, what <see cref="Protect"/> has made for the same sessions and the same cookie.
    /// </summary>
    public abstract CookieEnvelope? Unprotect(string text);
}

/// <summary>Who keeps the keys, and what they do.</summary>
internal enum CookieProtectionKind
{
    DataProtected,
    Encrypted,
    Signed,
}
