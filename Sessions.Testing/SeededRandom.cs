using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Sessions.Testing;

/// <summary>
/// Chance that can be repeated: the same seed gives the same numbers (SplitMix64, Steele, Lea and Flood 2014). Safe to use from many
/// threads. Not for secrets.
/// </summary>
public sealed class SeededRandom
{
    /// <summary>The environment variable that repeats a run: set it to the seed that a failure printed.</summary>
    public const string SeedVariable = "SESSIONS_TEST_SEED";

    private ulong _state;

    /// <summary>Numbers from a seed.</summary>
    public SeededRandom(ulong seed)
    {
        (Seed, _state) = (seed, seed);
    }

    /// <summary>What the numbers began with.</summary>
    public ulong Seed { get; }

    /// <summary>The seed of <see cref="SeedVariable"/>, else a new one.</summary>
    public static SeededRandom Create() =>
        Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } seed
            ? new(ulong.Parse(seed, CultureInfo.InvariantCulture))
            : new(new SeededRandom((ulong)Stopwatch.GetTimestamp()).NextUInt64());

    /// <summary>Any 64 bits.</summary>
    public ulong NextUInt64()
    {
        var z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 (inclusive) to <paramref name="end"/> (exclusive).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="end"/> is not positive.</exception>
    public int Next(int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(end);
        return (int)(NextUInt64() % (ulong)end);
    }

    /// <summary>Fills <paramref name="bytes"/>.</summary>
    public void Fill(Span<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(word.Length, bytes.Length)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, NextUInt64());
            word[..Math.Min(word.Length, bytes.Length)].CopyTo(bytes);
        }
    }

    /// <summary>Puts <paramref name="items"/> in any order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
