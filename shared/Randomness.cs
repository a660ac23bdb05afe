using System.Security.Cryptography;

namespace Sessions;

/// <summary>The one place where randomness comes from; everything else is banned at build time.</summary>
internal static class Randomness
{
#pragma warning disable RS0030 // This is the one place.
    /// <summary>Fills <paramref name="bytes"/> from the application's generator, or else from the system's.</summary>
    public static void Fill(Span<byte> bytes, RandomFill? random = null)
    {
        if (random is null)
        {
            RandomNumberGenerator.Fill(bytes);
        }
        else
        {
            random(bytes);
        }
    }

    /// <summary>A number from 0 (inclusive) to 1 (exclusive), for jitter.</summary>
    public static double NextDouble() => RandomNumberGenerator.GetInt32(1 << 30) / (double)(1 << 30);
#pragma warning restore RS0030
}
