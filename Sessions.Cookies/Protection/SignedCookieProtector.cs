using System.Security.Cryptography;

namespace Sessions.Cookies.Protection;

/// <summary>
/// The data in readable form, and behind a dot what proves it: header, times, HMAC-SHA256 (RFC 2104). A script reads what stands before the
/// dot.
/// </summary>
internal sealed class SignedCookieProtector(CookiePurpose purpose, IEnumerable<CookieKey> keys) : CookieProtector
{
    private const char Separator = '.';
    private const int MacOffset = CookieKeyRing.HeaderLength + CookieEnvelope.TimesLength;
    private const int ProofLength = MacOffset + HMACSHA256.HashSizeInBytes;

    private readonly CookieKeyRing _keys = new(keys, "HMAC-SHA256");

    public override string Protect(CookieEnvelope envelope)
    {
        var (header, key) = _keys.First;
        var proof = new byte[ProofLength];
        header.CopyTo(proof, 0);
        envelope.WriteTimes(proof.AsSpan(header.Length));
        ComputeMac(key, proof, envelope.Json).CopyTo(proof, MacOffset);
        return $"{CookieText.Encode(envelope.Json)}{Separator}{CookieText.Encode(proof)}";
    }

    public override CookieEnvelope? Unprotect(string text)
    {
        var dot = text.IndexOf(Separator, StringComparison.Ordinal);
        if (
            dot < 0
            || CookieText.Decode(text.AsSpan(0, dot)) is not { } json
            || CookieText.Decode(text.AsSpan(dot + 1)) is not { Length: ProofLength } proof
        )
        {
            return null;
        }

        foreach (var key in _keys.Find(proof.AsMemory(0, CookieKeyRing.HeaderLength)))
        {
            if (CryptographicOperations.FixedTimeEquals(ComputeMac(key, proof, json), proof.AsSpan(MacOffset)))
            {
                return CookieEnvelope.Read(proof.AsSpan(CookieKeyRing.HeaderLength), json);
            }
        }

        return null;
    }

    // All before the data has a length of its own or a fixed one, so no two contents give the same bytes.
    private byte[] ComputeMac(byte[] key, byte[] proof, byte[] json) =>
        HMACSHA256.HashData(key, (byte[])[.. purpose.Bytes, .. proof.AsSpan(0, MacOffset), .. json]);
}
