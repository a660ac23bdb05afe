using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Sessions;

/// <summary>
/// Random tokens of any length, for applications that keep what a token stands for themselves: invitations, password resets, sessions of
/// their own. Store a hash of a token, not the token, and compare in constant time
/// (<see cref="System.Security.Cryptography.CryptographicOperations.FixedTimeEquals"/>).
/// </summary>
public static class RandomToken
{
    // RFC 4648 section 5.
    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>The length when none is given, in bytes: 256 bits. OWASP ASVS 5.0 (7.2.3) demands 128 in what opens a session.</summary>
    public const int DefaultBytes = 32;

    /// <summary>A new token.</summary>
    /// <param name="bytes">Its length in bytes, from 1. Default: <see cref="DefaultBytes"/>.</param>
    /// <param name="random">Fills it; null: the system's generator.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is not positive.</exception>
    public static byte[] Create(int bytes = DefaultBytes, RandomFill? random = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var token = new byte[bytes];
        Randomness.Fill(token, random);
        return token;
    }

    /// <summary>The token as text for cookies, URLs and JSON: base64url (RFC 4648 section 5) without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> token) => Base64Url.EncodeToString(token);

    /// <summary>
    /// Reads what <see cref="Encode"/> writes and nothing else: no padding, no white space, no other spelling of the same bytes. Check the
    /// length of untrusted text before.
    /// </summary>
    /// <returns>False for anything else, and for the empty text.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? token)
    {
        token = null;
        if (text.IsEmpty || text.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        // The decoder refuses a last character with bits that no byte takes up; it would skip white space and take padding.
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done)
        {
            return false;
        }

        token = bytes[..written];
        return true;
    }
}
