using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>
/// The public handle of a session: 24 URL-safe characters (base64url, RFC 4648 section 5). It opens nothing, so it may be listed, logged
/// and put in a URL. The first 3 characters are the shard, derived from the user key; the other 21 are 126 random bits.
/// </summary>
[JsonConverter(typeof(SessionIdJsonConverter))]
[StructLayout(LayoutKind.Sequential, Pack = sizeof(ushort))]
public readonly struct SessionId : IEquatable<SessionId>, IComparable<SessionId>, ISpanParsable<SessionId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 24;

    /// <summary>Characters at the head of an id that keep one user's sessions together.</summary>
    public const int ShardLength = 3;

    internal const int Bytes = 18;

    private const int BitsPerCharacter = 6;

    private const int CharactersInHead = 64 / BitsPerCharacter;

    internal static readonly SearchValues<char> Alphabet = SearchValues.Create(Encoding.ASCII.GetString(Digits));

    private static ReadOnlySpan<byte> Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8;

    // 24 characters of 6 bits are exactly 18 bytes: kept as numbers, an id costs no object and compares in three instructions. Packed,
    // since every live session holds one, and a table often another: aligned to its largest number it would take 24.
    private readonly ulong _head;
    private readonly ulong _middle;
    private readonly ushort _tail;

    internal SessionId(ReadOnlySpan<byte> bytes)
    {
        _head = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _tail = BinaryPrimitives.ReadUInt16BigEndian(bytes[16..]);
    }

    /// <summary>The shard: the first 3 characters.</summary>
    public string Shard => ToString()[..ShardLength];

    /// <summary>A fresh id: 18 bits of shard, 126 random bits.</summary>
    /// <param name="userKey">The owner, who decides the shard; for a visitor (null) it is random.</param>
    /// <param name="shardKey">Hides which ids belong together from a reader who can guess user keys: HMAC-SHA-256 (RFC 2104) instead of
    /// SHA-256.</param>
    /// <param name="random">Fills the random part; null: the system's generator.</param>
    /// <exception cref="ArgumentException">The user key is not 1 to 512 bytes of UTF-8 without U+0000.</exception>
    public static SessionId Create(string? userKey, ReadOnlySpan<byte> shardKey = default, RandomFill? random = null)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Randomness.Fill(bytes, random);
        return Create(bytes, userKey, shardKey);
    }

    /// <summary>The id of these random bytes, once the shard is written over the first of them.</summary>
    internal static SessionId Create(Span<byte> bytes, string? userKey, ReadOnlySpan<byte> shardKey)
    {
        if (userKey is not null)
        {
            SessionShard.Write(bytes, userKey, shardKey);
        }

        return new SessionId(bytes);
    }

    /// <summary>The shard of all ids of a user: 3 characters.</summary>
    /// <param name="userKey">The owner.</param>
    /// <param name="shardKey">The key with which the ids of the user were made, if any.</param>
    /// <exception cref="ArgumentException">The user key is not 1 to 512 bytes of UTF-8 without U+0000.</exception>
    public static string ComputeShard(string userKey, ReadOnlySpan<byte> shardKey = default)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes.Clear();
        SessionShard.Write(bytes, userKey, shardKey);
        return new SessionId(bytes).Shard;
    }

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not 24 URL-safe characters.</exception>
    public static SessionId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id)
            ? id
            : throw new FormatException($"A session id is {Length} characters of the URL-safe base64 alphabet.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static SessionId Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads an id; false, if the text is not 24 URL-safe characters.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out SessionId result)
    {
        result = default;
        if (s.Length != Length || s.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        Base64Url.DecodeFromChars(s, bytes);
        result = new SessionId(bytes);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out SessionId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SessionId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out SessionId)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, out SessionId result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc />
    public bool Equals(SessionId other) => _head == other._head && _middle == other._middle && _tail == other._tail;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is SessionId other && Equals(other);

    /// <summary>Seeded anew in each process: ids come from clients, who must not be able to choose many with one hash.</summary>
    public override int GetHashCode() => HashCode.Combine((uint)_head, (uint)(_head >> 32), (uint)_middle, (uint)(_middle >> 32), _tail);

    /// <summary>Compares the texts, character by character.</summary>
    public int CompareTo(SessionId other)
    {
        // Of two ids of one user, the character that decides is nearly always among the seven after the shard: lists need not write out the
        // texts.
        var index = BitOperations.LeadingZeroCount(_head ^ other._head) / BitsPerCharacter;
        return index < CharactersInHead ? Character(index).CompareTo(other.Character(index)) : CompareTexts(other);
    }

    /// <summary>The 24 characters.</summary>
    public override string ToString() => string.Create(Length, this, static (text, id) => id.Format(text));

    private int CompareTexts(SessionId other)
    {
        Span<char> mine = stackalloc char[Length];
        Span<char> others = stackalloc char[Length];
        Format(mine);
        other.Format(others);
        return mine.SequenceCompareTo(others);
    }

    // Only for characters that lie in the head as a whole.
    private byte Character(int index) => Digits[(int)(_head >> (64 - ((index + 1) * BitsPerCharacter))) & 63];

    internal void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _head);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _middle);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[16..], _tail);
    }

    internal void Format(Span<char> text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        Base64Url.EncodeToChars(bytes, text);
    }

    /// <summary>Whether both are the same id.</summary>
    public static bool operator ==(SessionId left, SessionId right) => left.Equals(right);

    /// <summary>Whether they are different ids.</summary>
    public static bool operator !=(SessionId left, SessionId right) => !left.Equals(right);

    /// <summary>Orders by text.</summary>
    public static bool operator <(SessionId left, SessionId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by text.</summary>
    public static bool operator <=(SessionId left, SessionId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by text.</summary>
    public static bool operator >(SessionId left, SessionId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by text.</summary>
    public static bool operator >=(SessionId left, SessionId right) => left.CompareTo(right) >= 0;
}

/// <summary>An id in JSON is its text, as a value and as a property name.</summary>
internal sealed class SessionIdJsonConverter : JsonConverter<SessionId>
{
    public override SessionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override SessionId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());

    private static SessionId Parse(string? text) =>
        SessionId.TryParse(text, out var id) ? id : throw new JsonException("This is not a session id.");
}
