using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace Sessions.AspNetCore;

/// <summary>
/// A ticket as text that a session can hold: encrypted, since tickets carry claims and often the tokens of an identity provider.
/// </summary>
internal sealed class SessionTicketProtector(IDataProtectionProvider protection, string name)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Sessions.AspNetCore.Ticket.v1", name);

    public string Protect(AuthenticationTicket ticket) =>
        Base64Url.EncodeToString(_protector.Protect(TicketSerializer.Default.Serialize(ticket)));

    /// <exception cref="CryptographicException">The key is gone, or this is not what was written.</exception>
    public AuthenticationTicket? Unprotect(string text) =>
        TicketSerializer.Default.Deserialize(_protector.Unprotect(Base64Url.DecodeFromChars(text)));
}
