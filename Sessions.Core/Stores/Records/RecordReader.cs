using System.Buffers.Binary;
using System.Text;

namespace Sessions.Stores;

/// <summary>Reads a record from front to back.</summary>
/// <remarks>All members throw <see cref="ArgumentOutOfRangeException"/> at the end of the record.</remarks>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    public byte Byte() => Take(1)[0];

    public long Milliseconds() => RecordMilliseconds.Read(Take(RecordMilliseconds.Size));

    public DateTimeOffset Instant() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds());

    public DateTimeOffset? OptionalInstant() =>
        Milliseconds() is var milliseconds && milliseconds == RecordMilliseconds.None
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public Sha256Hash Hash() => new(Take(Sha256Hash.Size));

    public ReadOnlySpan<byte> Section() =>
        Take(Byte() is var length and < RecordWriter.LongLength ? length : BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int))));

    public string TextSection() => Encoding.UTF8.GetString(Section());
}
