using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sessions;

/// <summary>A SHA-256 digest (FIPS 180-4) held by value. Equality takes the same time whatever differs.</summary>
public readonly struct Sha256Hash : IEquatable<Sha256Hash>
{
    /// <summary>Bytes in a digest.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    // For a short text, creating and freeing OpenSSL's context is a large part of the cost: each thread keeps one.
    [ThreadStatic]
    private static IncrementalHash? t_hasher;

    private readonly Digest _digest;

    /// <summary>Takes over a digest that was computed before, for instance one read from a store.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> has not exactly <see cref="Size"/> bytes.</exception>
    public Sha256Hash(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Size)
        {
            throw new ArgumentException($"A SHA-256 digest has {Size} bytes; this one has {digest.Length}.", nameof(digest));
        }

        digest.CopyTo(_digest);
    }

    /// <summary>Hashes <paramref name="data"/>.</summary>
    public static Sha256Hash Compute(ReadOnlySpan<byte> data)
    {
        var hasher = t_hasher ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Taken away during use and put back after the reset: a hasher that fails in between is not used again.
        t_hasher = null;
        Span<byte> digest = stackalloc byte[Size];
        hasher.AppendData(data);
        hasher.GetHashAndReset(digest);
        t_hasher = hasher;
        return new Sha256Hash(digest);
    }

    /// <summary>Copies the digest to the head of <paramref name="destination"/>, which has room for <see cref="Size"/> bytes.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_digest).CopyTo(destination);

    /// <summary>The digest as a new array.</summary>
    public byte[] ToArray() => ((ReadOnlySpan<byte>)_digest).ToArray();

    /// <summary>Compares in constant time.</summary>
    public bool Equals(Sha256Hash other) => CryptographicOperations.FixedTimeEquals(_digest, other._digest);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Sha256Hash other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => MemoryMarshal.Read<int>(_digest);

    /// <summary>Never prints the digest.</summary>
    public override string ToString() => "(hash)";

    /// <summary>Compares in constant time.</summary>
    public static bool operator ==(Sha256Hash left, Sha256Hash right) => left.Equals(right);

    /// <summary>Compares in constant time.</summary>
    public static bool operator !=(Sha256Hash left, Sha256Hash right) => !left.Equals(right);

    [InlineArray(Size)]
    private struct Digest
    {
        private byte _first;
    }
}
