using System.Security.Cryptography;
using System.Text;

namespace Sessions.Cookies.Protection;

/// <summary>AES-256-GCM under a key that servers share: header, salt, nonce, tag, ciphertext.</summary>
/// <remarks>
/// Servers that share a key cannot count messages together, so nonces are random; and with random nonces of 96 bits NIST SP 800-38D section
/// 8.3 allows a key 2^32 messages, which a busy site writes within weeks. So each message has a key of its own, derived with another 96
/// random bits as in XAES-256-GCM (C2SP): two meet in key and nonce only when 192 random bits do, which among 2^80 messages has a chance of
/// 2^-33.
/// </remarks>
internal sealed class EncryptedCookieProtector(CookiePurpose purpose, IEnumerable<CookieKey> keys) : CookieProtector
{
    private const int SaltLength = 12;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int TagOffset = CookieKeyRing.HeaderLength + SaltLength + NonceLength;
    private const int CiphertextOffset = TagOffset + TagLength;

    private static readonly byte[] Message = Encoding.ASCII.GetBytes("Sessions.Cookies v1 message");

    private readonly CookieKeyRing _keys = new(keys, "AES-256-GCM");

    public override string Protect(CookieEnvelope envelope)
    {
        var (header, key) = _keys.First;
        var plain = envelope.ToBytes();
        var bytes = new byte[CiphertextOffset + plain.Length];
        header.CopyTo(bytes, 0);
        Randomness.Fill(bytes.AsSpan(header.Length, SaltLength + NonceLength));
        using var cipher = CreateCipher(key, bytes);
        cipher.Encrypt(GetNonce(bytes), plain, bytes.AsSpan(CiphertextOffset), GetTag(bytes), GetAssociatedData(header));
        return CookieText.Encode(bytes);
    }

    public override CookieEnvelope? Unprotect(string text)
    {
        var bytes = CookieText.Decode(text);
        if (bytes is null || bytes.Length < CiphertextOffset)
        {
            return null;
        }

        var header = bytes.AsMemory(0, CookieKeyRing.HeaderLength);
        var plain = new byte[bytes.Length - CiphertextOffset];
        foreach (var key in _keys.Find(header))
        {
            using var cipher = CreateCipher(key, bytes);
            try
            {
                cipher.Decrypt(GetNonce(bytes), bytes.AsSpan(CiphertextOffset), GetTag(bytes), plain, GetAssociatedData(header.Span));
                return CookieEnvelope.FromBytes(plain);
            }
            catch (AuthenticationTagMismatchException)
            {
                // Not made with this key: the framework knows no other way to say so.
            }
        }

        return null;
    }

    private static AesGcm CreateCipher(byte[] key, byte[] bytes)
    {
        var salt = bytes[CookieKeyRing.HeaderLength..(CookieKeyRing.HeaderLength + SaltLength)];
        return new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, key.Length, salt, Message), TagLength);
    }

    private static Span<byte> GetNonce(byte[] bytes) => bytes.AsSpan(TagOffset - NonceLength, NonceLength);

    private static Span<byte> GetTag(byte[] bytes) => bytes.AsSpan(TagOffset, TagLength);

    private byte[] GetAssociatedData(ReadOnlySpan<byte> header) => [.. purpose.Bytes, .. header];
}
