using System.Buffers.Binary;
using System.Text;

namespace Sessions.Redis;

/// <summary>Reads a record from front to back.</summary>
/// <remarks>All members throw <see cref="ArgumentOutOfRangeException"/> at the end of the record.</remarks>
internal ref struct RedisRecordReader(ReadOnlySpan<byte> bytes)
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

    public long Milliseconds() => RedisMilliseconds.Read(Take(RedisMilliseconds.Size));

    public DateTimeOffset Instant() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds());

    public DateTimeOffset? OptionalInstant() =>
        Milliseconds() is var milliseconds && milliseconds == RedisMilliseconds.None
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public Sha256Hash Hash() => new(Take(Sha256Hash.Size));

    public ReadOnlySpan<byte> Section() =>
        Take(Byte() is var length and < RedisRecordWriter.LongLength ? length : BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int))));

    public string TextSection() => Encoding.UTF8.GetString(Section());
}
