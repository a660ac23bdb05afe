namespace Sessions;

/// <summary>
/// Fills the whole buffer with bytes that cannot be guessed, in place of the system's generator. Called from many threads at once.
/// </summary>
public delegate void RandomFill(Span<byte> buffer);

/// <summary>Catches a generator that does not fill its buffer or always says the same, before it makes the first token.</summary>
internal static class RandomFillValidator
{
    // A healthy generator leaves 8 given bytes as they were once in 2^64 tries.
    private const int Window = 8;
    private static readonly int[] Lengths = [18, 32, 43, 64];

    public static string? Validate(RandomFill random)
    {
        foreach (var length in Lengths)
        {
            var (zeros, ones) = (new byte[length], new byte[length]);
            ones.AsSpan().Fill(0xFF);
            random(zeros);
            random(ones);
            if (
                zeros.AsSpan(length - Window).IndexOfAnyExcept((byte)0) < 0
                || ones.AsSpan(length - Window).IndexOfAnyExcept((byte)0xFF) < 0
            )
            {
                return $"RandomFill does not fill a buffer of {length} bytes to its end; make it fill the whole span.";
            }

            if (zeros.AsSpan().SequenceEqual(ones) || zeros.AsSpan().IndexOfAnyExcept(zeros[0]) < 0)
            {
                return "RandomFill gives the same bytes again; give it a cryptographically secure generator, or leave it out.";
            }
        }

        return null;
    }
}
