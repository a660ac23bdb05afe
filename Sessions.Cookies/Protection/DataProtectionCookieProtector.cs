using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Sessions.Cookies.Protection;

/// <summary>ASP.NET Core Data Protection: the framework keeps the keys and changes them by itself.</summary>
internal sealed class DataProtectionCookieProtector(CookiePurpose purpose, IDataProtectionProvider provider) : CookieProtector
{
    private readonly IDataProtector _protector = provider.CreateProtector("Sessions.Cookies", "v1", CookieText.Encode(purpose.Bytes));

    public override string Protect(CookieEnvelope envelope) => CookieText.Encode(_protector.Protect(envelope.ToBytes()));

    public override CookieEnvelope? Unprotect(string text)
    {
        if (CookieText.Decode(text) is not { } bytes)
        {
            return null;
        }

        try
        {
            return CookieEnvelope.FromBytes(_protector.Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            // Tampered with, or of a key that is not in the ring: the framework knows no other way to say so.
            return null;
        }
    }
}
