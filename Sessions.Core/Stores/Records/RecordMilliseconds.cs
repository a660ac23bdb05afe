using System.Buffers.Binary;

namespace Sessions.Stores;

/// <summary>Instants and lengths of time in a record: signed, 7 bytes, big-endian.</summary>
internal static class RecordMilliseconds
{
    public const int Size = SessionRecordLayout.InstantSize;

    /// <summary>What stands for an absent instant: further back than time goes.</summary>
    public const long None = -1L << (Size * 8 - 1);

    public static void Write(long milliseconds, Span<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wide, milliseconds << 8);
        wide[..Size].CopyTo(bytes);
    }

    public static long Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        bytes.CopyTo(wide);
        // The sign moves down with the eight bits that are too many.
        return BinaryPrimitives.ReadInt64BigEndian(wide) >> 8;
    }
}
