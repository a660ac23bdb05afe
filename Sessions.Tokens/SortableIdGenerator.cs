namespace Sessions;

/// <summary>
/// Makes ids that sort by the time they were made at: 26 characters of 128 bits, laid out as a ULID. The ids of one generator are strictly
/// increasing, also within a millisecond and when the clock is set back, so keep one for the life of the process. Safe to use from many
/// threads.
/// </summary>
/// <remarks>
/// <para>The 128 bits, from the highest: 48 bits, milliseconds since the Unix epoch (until the year 10889); 80 bits at random, which within
/// a millisecond grow by a random step of 1 to 2^32 and carry over into the milliseconds. Nothing in it identifies the machine.</para>
/// <para>The text: Crockford's base32 (<c>0123456789ABCDEFGHJKMNPQRSTVWXYZ</c>), 5 bits a character, highest first, after two zero bits.
/// Its ordinal order is that of the bits.</para>
/// <para>An id shows when it was made. It is no secret: its neighbours within a millisecond are 32 bits away.</para>
/// </remarks>
/// <param name="time">The clock; null: the system's.</param>
/// <param name="random">Fills the random bits; null: the system's generator.</param>
public sealed class SortableIdGenerator(TimeProvider? time = null, RandomFill? random = null)
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsPerCharacter = 5;
    private const int RandomBits = 80;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private UInt128 _last;

    /// <summary>A new id, after all that this generator made before.</summary>
    public string Create()
    {
        // Before 1970 there is no time to sort by.
        var milliseconds = (UInt128)Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds());
        lock (_lock)
        {
            _last =
                milliseconds > _last >> RandomBits
                    ? (milliseconds << RandomBits) | Random(RandomBits / 8)
                    : _last + 1 + Random(sizeof(uint));
            return string.Create(Length, _last, Format);
        }
    }

    /// <summary>Reads when an id was made; false, if the text is no id as this class writes it.</summary>
    public static bool TryGetTime(ReadOnlySpan<char> id, out DateTimeOffset createdAt)
    {
        createdAt = default;
        if (id.Length != Length)
        {
            return false;
        }

        UInt128 bits = 0;
        foreach (var character in id)
        {
            var value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0 || bits >> (128 - BitsPerCharacter) != 0)
            {
                return false;
            }

            bits = (bits << BitsPerCharacter) | (uint)value;
        }

        var milliseconds = (long)(bits >> RandomBits);
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        createdAt = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    private UInt128 Random(int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        Randomness.Fill(buffer, random);
        UInt128 bits = 0;
        foreach (var value in buffer)
        {
            bits = (bits << 8) | value;
        }

        return bits;
    }

    private static void Format(Span<char> text, UInt128 bits)
    {
        for (var i = text.Length - 1; i >= 0; i--, bits >>= BitsPerCharacter)
        {
            text[i] = Alphabet[(int)(bits & 31)];
        }
    }
}
