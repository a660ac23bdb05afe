using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sessions;

/// <summary>32 random bytes that a new secret was derived with, held by value. Alone they give no secret. Never printed.</summary>
[DebuggerDisplay("(redacted)")]
public readonly struct CredentialSalt : IEquatable<CredentialSalt>
{
    /// <summary>Bytes in a salt.</summary>
    public const int Size = 32;

    private readonly Bytes _bytes;

    /// <summary>Takes over bytes that were made before, for instance those read from a store.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has not exactly <see cref="Size"/> bytes.</exception>
    public CredentialSalt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A salt has {Size} bytes; this one has {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes, where they lie.</summary>
    [UnscopedRef]
    internal ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Fresh random bytes.</summary>
    internal static CredentialSalt Create(RandomFill? random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Randomness.Fill(bytes, random);
        return new CredentialSalt(bytes);
    }

    /// <summary>Copies the bytes to the head of <paramref name="destination"/>, which has room for <see cref="Size"/> bytes.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>Compares in constant time.</summary>
    public bool Equals(CredentialSalt other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is CredentialSalt other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => MemoryMarshal.Read<int>(_bytes);

    /// <summary>Never prints the bytes.</summary>
    public override string ToString() => "(redacted)";

    /// <summary>Compares in constant time.</summary>
    public static bool operator ==(CredentialSalt left, CredentialSalt right) => left.Equals(right);

    /// <summary>Compares in constant time.</summary>
    public static bool operator !=(CredentialSalt left, CredentialSalt right) => !left.Equals(right);

    [InlineArray(Size)]
    private struct Bytes
    {
        private byte _first;
    }
}
