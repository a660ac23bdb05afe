using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Sessions;

/// <summary>
/// What the client holds: the session's id and a secret of 32 characters (OWASP asks for 64 bits of entropy; 11 characters are the lineage, 66
/// bits fixed for the life of the session, and 21 are 126 bits that a rotation replaces). Stores see only hashes of it.
/// </summary>
/// <remarks>A token opens a session: it prints as redacted, and <see cref="Reveal"/> is the one way out.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct SessionToken : IEquatable<SessionToken>
{
    /// <summary>Characters in a token.</summary>
    public const int Length = SessionId.Length + SecretLength;

    private const int SecretLength = 32;
    private const int LineageLength = 11;
    private const int SecretBytes = 24;

    private readonly Secret _secret;

    private SessionToken(SessionId id, ReadOnlySpan<byte> secret)
    {
        Id = id;
        secret.CopyTo(_secret);
    }

    /// <summary>The public handle of the session that the token opens.</summary>
    public SessionId Id { get; }

    /// <summary>The lineage's hash: SHA-256 of its 11 characters.</summary>
    internal Sha256Hash LineageHash => Hash(LineageLength);

    /// <summary>The secret's hash: SHA-256 of its 32 characters.</summary>
    internal Sha256Hash SecretHash => Hash(SecretLength);

    /// <summary>Makes a token for a new session, and with it the session's id; see <see cref="SessionId.Create(string?, ReadOnlySpan{byte}, RandomFill?)"/>.</summary>
    internal static SessionToken Create(string? userKey, ReadOnlySpan<byte> shardKey = default, RandomFill? random = null)
    {
        // At once: the generator takes as long for a few bytes as for both.
        Span<byte> bytes = stackalloc byte[SessionId.Bytes + SecretBytes];
        Randomness.Fill(bytes, random);
        return new SessionToken(SessionId.Create(bytes[..SessionId.Bytes], userKey, shardKey), bytes[SessionId.Bytes..]);
    }

    /// <summary>Makes the next token of the same session: the lineage stays, the rest is new.</summary>
    internal SessionToken Rotate(RandomFill? random = null)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        Randomness.Fill(secret, random);

        // 66 bits of lineage: eight whole bytes and the two high bits of the ninth.
        ReadOnlySpan<byte> mine = _secret;
        mine[..8].CopyTo(secret);
        secret[8] = (byte)((mine[8] & 0b1100_0000) | (secret[8] & 0b0011_1111));
        return new SessionToken(Id, secret);
    }

    /// <summary>Reads a token strictly: 56 characters of the URL-safe base64 alphabet, no padding, no white space.</summary>
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

        Span<byte> secret = stackalloc byte[SecretBytes];
        Base64Url.DecodeFromChars(text[SessionId.Length..], secret);
        token = new SessionToken(id, secret);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out SessionToken)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionToken token) => TryParse(text.AsSpan(), out token);

    /// <summary>The 56 characters that the client is given. Never log or store them.</summary>
    public string Reveal() =>
        string.Create(
            Length,
            this,
            static (text, token) =>
            {
                token.Id.Format(text);
                Base64Url.EncodeToChars(token._secret, text[SessionId.Length..]);
            }
        );

    /// <inheritdoc />
    public bool Equals(SessionToken other) => Id == other.Id && SecretHash == other.SecretHash;

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

    private Sha256Hash Hash(int characters)
    {
        Span<byte> text = stackalloc byte[SecretLength];
        Base64Url.EncodeToUtf8(_secret, text);
        return Sha256Hash.Compute(text[..characters]);
    }

    [InlineArray(SecretBytes)]
    private struct Secret
    {
        private byte _first;
    }
}
