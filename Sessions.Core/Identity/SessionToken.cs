using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Sessions;

/// <summary>
/// What the client holds: 65 characters of base64url (RFC 4648 section 5). They are the session's id (24), the lineage (11), which stays
/// for the life of the session, the generation (4), a number that each rotation raises by one, the secret (22), which a rotation replaces,
/// and a check (4), which finds damage before any store is read. Lineage and secret have 66 and 132 random bits; OWASP demands 64. Stores
/// see only hashes of it.
/// </summary>
/// <remarks>A token opens a session: it prints as redacted, and <see cref="Reveal"/> is the one way out.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct SessionToken : IEquatable<SessionToken>
{
    /// <summary>Characters in a token.</summary>
    public const int Length = SessionId.Length + TailLength;

    /// <summary>The highest generation: 24 bits.</summary>
    internal const int MaxGeneration = CredentialHistory.MaxGeneration;

    private const int LineageLength = 11;
    private const int GenerationLength = 4;
    private const int SecretLength = 22;
    private const int CheckLength = 4;

    private const int GenerationOffset = LineageLength;
    private const int SecretOffset = GenerationOffset + GenerationLength;
    private const int CheckOffset = SecretOffset + SecretLength;
    private const int TailLength = CheckOffset + CheckLength;

    // Lineage and secret have 198 bits.
    private const int RandomBytes = 25;

    private readonly Tail _tail;

    private SessionToken(SessionId id, ReadOnlySpan<byte> tail)
    {
        Id = id;
        tail.CopyTo(_tail);
    }

    /// <summary>The public handle of the session that the token opens.</summary>
    public SessionId Id { get; }

    /// <summary>How many rotations the session had when the token was made. No secret.</summary>
    internal int Generation => ReadNumber(((ReadOnlySpan<byte>)_tail).Slice(GenerationOffset, GenerationLength));

    /// <summary>SHA-256 of the 11 characters of the lineage.</summary>
    internal Sha256Hash LineageHash => Sha256Hash.Compute(((ReadOnlySpan<byte>)_tail)[..LineageLength]);

    /// <summary>SHA-256 of the 65 characters.</summary>
    internal Sha256Hash Hash
    {
        get
        {
            Span<byte> text = stackalloc byte[Length];
            Format(text);
            return Sha256Hash.Compute(text);
        }
    }

    /// <summary>
    /// Makes a token for a new session, and with it the session's id; see
    /// <see cref="SessionId.Create(string?, ReadOnlySpan{byte}, RandomFill?)"/>.
    /// </summary>
    internal static SessionToken Create(string? userKey, ReadOnlySpan<byte> shardKey = default, RandomFill? random = null)
    {
        // In one call: the generator takes as long for a few bytes as for both.
        Span<byte> bytes = stackalloc byte[SessionId.Bytes + RandomBytes];
        Randomness.Fill(bytes, random);
        return Create(SessionId.Create(bytes[..SessionId.Bytes], userKey, shardKey), bytes[SessionId.Bytes..]);
    }

    /// <summary>A token of generation 0 whose lineage and secret come from 25 random bytes.</summary>
    internal static SessionToken Create(SessionId id, ReadOnlySpan<byte> random)
    {
        Span<byte> digits = stackalloc byte[Base64Url.GetEncodedLength(RandomBytes)];
        Base64Url.EncodeToUtf8(random, digits);
        Span<byte> tail = stackalloc byte[TailLength];
        digits[..LineageLength].CopyTo(tail);
        digits.Slice(LineageLength, SecretLength).CopyTo(tail[SecretOffset..]);
        return Complete(id, tail, generation: 0);
    }

    /// <summary>
    /// The next token of the same session. Its secret is the first 132 bits of HMAC-SHA-256 (RFC 2104) of this token's text under the salt:
    /// a client that must be given the next token again is given the same. The salt alone gives no token, and a token alone does not give
    /// the next.
    /// </summary>
    internal SessionToken Derive(CredentialSalt salt)
    {
        Span<byte> text = stackalloc byte[Length];
        Format(text);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt.Span, text, digest);
        Span<byte> digits = stackalloc byte[Base64Url.GetEncodedLength(HMACSHA256.HashSizeInBytes)];
        Base64Url.EncodeToUtf8(digest, digits);

        Span<byte> tail = stackalloc byte[TailLength];
        ((ReadOnlySpan<byte>)_tail)[..LineageLength].CopyTo(tail);
        digits[..SecretLength].CopyTo(tail[SecretOffset..]);
        return Complete(Id, tail, Generation + 1);
    }

    /// <summary>
    /// Reads a token strictly: 65 characters of the URL-safe base64 alphabet, no padding, no white space, with a check that is right.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionToken token)
    {
        token = default;
        if (
            text.Length != Length
            || text.ContainsAnyExcept(SessionId.Alphabet)
            || !SessionId.TryParse(text[..SessionId.Length], null, out var id)
        )
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(text, bytes);
        Span<byte> check = stackalloc byte[CheckLength];
        ComputeCheck(bytes[..^CheckLength], check);
        if (!bytes[^CheckLength..].SequenceEqual(check))
        {
            return false;
        }

        token = new SessionToken(id, bytes[SessionId.Length..]);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out SessionToken)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionToken token) => TryParse(text.AsSpan(), out token);

    /// <summary>The 65 characters that the client is given. Never log or store them.</summary>
    public string Reveal() =>
        string.Create(
            Length,
            this,
            static (text, token) =>
            {
                token.Id.Format(text);
                Encoding.ASCII.GetChars(token._tail, text[SessionId.Length..]);
            }
        );

    /// <summary>Compares in constant time.</summary>
    public bool Equals(SessionToken other) => Id == other.Id && CryptographicOperations.FixedTimeEquals(_tail, other._tail);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SessionToken other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>Never prints the secret.</summary>
    public override string ToString() => $"{Id}(redacted)";

    /// <summary>Whether both are the same token.</summary>
    public static bool operator ==(SessionToken left, SessionToken right) => left.Equals(right);

    /// <summary>Whether they are different tokens.</summary>
    public static bool operator !=(SessionToken left, SessionToken right) => !left.Equals(right);

    /// <summary>Writes generation and check to where they belong.</summary>
    private static SessionToken Complete(SessionId id, Span<byte> tail, int generation)
    {
        Base64Url.EncodeToUtf8([(byte)(generation >> 16), (byte)(generation >> 8), (byte)generation], tail[GenerationOffset..]);
        Span<byte> text = stackalloc byte[Length];
        new SessionToken(id, tail).Format(text);
        ComputeCheck(text[..^CheckLength], tail[CheckOffset..]);
        return new SessionToken(id, tail);
    }

    /// <summary>The first 24 bits of SHA-256 of the characters before.</summary>
    private static void ComputeCheck(ReadOnlySpan<byte> text, Span<byte> check)
    {
        Span<byte> digest = stackalloc byte[Sha256Hash.Size];
        Sha256Hash.Compute(text).CopyTo(digest);
        Base64Url.EncodeToUtf8(digest[..3], check);
    }

    private static int ReadNumber(ReadOnlySpan<byte> digits)
    {
        Span<byte> bytes = stackalloc byte[3];
        // A default token has none.
        return Base64Url.TryDecodeFromUtf8(digits, bytes, out _) ? bytes[0] << 16 | bytes[1] << 8 | bytes[2] : 0;
    }

    private void Format(Span<byte> text)
    {
        Span<byte> id = stackalloc byte[SessionId.Bytes];
        Id.CopyTo(id);
        Base64Url.EncodeToUtf8(id, text);
        ((ReadOnlySpan<byte>)_tail).CopyTo(text[SessionId.Length..]);
    }

    // The characters behind the id, as they stand in the text.
    [InlineArray(TailLength)]
    private struct Tail
    {
        private byte _first;
    }
}
