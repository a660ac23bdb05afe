namespace Sessions.Cookies.Protection;

/// <summary>Who keeps the keys, and what they do.</summary>
internal enum CookieProtectionKind
{
    DataProtected,
    Encrypted,
    Signed,
}
