using System.Security.Cryptography;
using System.Text;
using Sessions.Cookies;

namespace Sessions;

/// <summary>
/// A key that protects cookies, shared by all servers that are to read them. One that is too weak is reported when the host starts. Prints
/// as redacted.
/// </summary>
public sealed class CookieKey
{
    internal const int IdLength = 4;

    /// <summary>What a key of HMAC-SHA256 and AES-256 has to have: 256 bits (RFC 2104 section 3, NIST SP 800-57 part 1).</summary>
    private const int Length = 32;

    // 32 random bytes with fewer different ones, or fewer different steps from one to the next, come once in more than 2^40 keys; keys of
    // zeros, or that count, have fewer.
    private const int MinDistinctCount = 16;

    // OWASP Password Storage Cheat Sheet, for PBKDF2-HMAC-SHA256.
    private const int Iterations = 600_000;

    // The phrase is all that servers share, so a random salt would have nowhere to be stored. This fixed one makes tables for other
    // products useless; against tables made for this one, a phrase must be strong.
    private static readonly byte[] Salt = Encoding.ASCII.GetBytes("Sessions.Cookies v1 phrase");

    private readonly byte[] _master;

    private CookieKey(string? weakness, byte[] master)
    {
        (Weakness, _master) = (weakness, master);
        Id = weakness is null ? Derive("key id", IdLength) : [];
    }

    /// <summary>What is wrong with it, and what to do; null when it is strong enough.</summary>
    internal string? Weakness { get; }

    /// <summary>Tells keys of one ring apart. Public: it stands in the cookie.</summary>
    internal byte[] Id { get; }

    /// <summary>
    /// A key from a phrase, stretched with PBKDF2-HMAC-SHA256 and 600,000 rounds (OWASP), which takes some tenths of a second. The phrase
    /// needs 32 characters, not counting those that only repeat what came before or continue it (<c>aaaa</c>, <c>1234</c>,
    /// <c>passwordpassword</c>): seven words rolled with dice, or 32 random bytes in base64. Every letter, case and space counts; a
    /// quotation is not a secret.
    /// </summary>
    public static CookieKey FromPhrase(string? phrase) =>
        PhraseStrength.FindWeakness(phrase) is { } weakness
            ? new(weakness, [])
            : new(null, Rfc2898DeriveBytes.Pbkdf2(phrase!, Salt, Iterations, HashAlgorithmName.SHA256, Length));

    /// <summary>
    /// A key from at least 32 random bytes, as <c>openssl rand 32</c> makes them. Bytes that are text are refused: decode them first.
    /// </summary>
    public static CookieKey FromBytes(ReadOnlySpan<byte> bytes) =>
        FindPattern(bytes) is { } weakness ? new(weakness, []) : new(null, HKDF.Extract(HashAlgorithmName.SHA256, bytes.ToArray()));

    /// <summary>A key for one purpose (HKDF-SHA256, RFC 5869): what one purpose gives away says nothing about the others.</summary>
    internal byte[] Derive(string purpose, int length = Length) =>
        HKDF.Expand(HashAlgorithmName.SHA256, _master, length, Encoding.ASCII.GetBytes($"Sessions.Cookies v1 {purpose}"));

    /// <summary>Not the key.</summary>
    public override string ToString() => "CookieKey (redacted)";

    /// <summary>What shows that bytes are not random; null when nothing does.</summary>
    private static string? FindPattern(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length)
        {
            return $"A key has {bytes.Length} bytes; give it {Length} random ones or more, as openssl rand {Length} makes them.";
        }

        var (values, steps) = (new HashSet<byte>(), new HashSet<byte>());
        for (var i = 0; i < bytes.Length; i++)
        {
            values.Add(bytes[i]);
            steps.Add((byte)(bytes[i] - bytes[Math.Max(0, i - 1)]));
        }

        return values.Count < MinDistinctCount
                ? $"A key of {bytes.Length} bytes has only {values.Count} different ones, so it is not random; make it with openssl rand {Length}."
            // 32 random bytes are printable once in 2^45 keys.
            : !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~')
                ? $"A key of {bytes.Length} bytes is text; decode it, if it is hexadecimal or base64, or give it to FromPhrase."
            : steps.Count < MinDistinctCount
                ? $"A key of {bytes.Length} bytes goes on in equal steps, so it is not random; make it with openssl rand {Length}."
            : null;
    }
}
