namespace Sessions;

/// <summary>Random ids of letters and digits (base62): every character is as likely as any other.</summary>
public static class RandomId
{
    /// <summary>The length when none is given: 22 characters have 130 bits, so that no two ids ever meet.</summary>
    public const int DefaultLength = 22;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // The bytes from 248 on would make the first eight characters likelier, so they are drawn again.
    private const int UnbiasedByteCount = byte.MaxValue / 62 * 62;

    // All 32 unfair: once in 2^160 draws of a generator that works.
    private const int DrawLength = 32;

    /// <summary>A new id.</summary>
    /// <param name="length">Characters, from 1; each has 5.95 bits. Default: <see cref="DefaultLength"/>.</param>
    /// <param name="random">Fills the bytes that it is made of; null: the system's generator.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is not positive.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="random"/> keeps giving bytes that cannot be used: it is
    /// broken.</exception>
    public static string Create(int length = DefaultLength, RandomFill? random = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return string.Create(length, random, Fill);
    }

    private static void Fill(Span<char> text, RandomFill? random)
    {
        Span<byte> bytes = stackalloc byte[DrawLength];
        while (!text.IsEmpty)
        {
            Randomness.Fill(bytes, random);
            var made = Map(bytes, text);
            text =
                made > 0
                    ? text[made..]
                    : throw new InvalidOperationException("RandomFill gave 32 bytes from 248 to 255; give it a secure generator.");
        }
    }

    private static int Map(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var made = 0;
        foreach (var value in bytes)
        {
            if (value < UnbiasedByteCount && made < text.Length)
            {
                text[made++] = Alphabet[value % Alphabet.Length];
            }
        }

        return made;
    }
}
