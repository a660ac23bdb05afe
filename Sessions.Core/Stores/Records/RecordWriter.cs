using System.Buffers.Binary;
using System.Text;

namespace Sessions.Stores;

/// <summary>Writes a record from front to back, in one go; the counterpart of <see cref="RecordReader"/>.</summary>
/// <param name="bytes">Has room for all of it.</param>
internal ref struct RecordWriter(Span<byte> bytes)
{
    /// <summary>From this on a length takes more than its byte.</summary>
    public const int LongLength = SessionRecordLayout.LongLengthMark;

    /// <summary>The most room that the length before a section takes.</summary>
    public const int MaxLengthSize = 1 + SessionRecordLayout.LongLengthSize;

    private readonly Span<byte> _bytes = bytes;

    public int Length { get; private set; }

    public readonly byte[] ToArray() => _bytes[..Length].ToArray();

    public readonly void Set(int at, byte value) => _bytes[at] = value;

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bytes(scoped ReadOnlySpan<byte> values) => values.CopyTo(Take(values.Length));

    public void Instant(DateTimeOffset? instant) =>
        RecordMilliseconds.Write(instant?.ToUnixTimeMilliseconds() ?? RecordMilliseconds.None, Take(RecordMilliseconds.Size));

    public void Time(TimeSpan time) => RecordMilliseconds.Write((long)time.TotalMilliseconds, Take(RecordMilliseconds.Size));

    public void Hash(Sha256Hash hash) => hash.CopyTo(Take(Sha256Hash.Size));

    public void Text(string text) => Length += Encoding.UTF8.GetBytes(text, _bytes[Length..]);

    public void TextSection(string text)
    {
        var begin = BeginSection();
        Text(text);
        EndSection(begin);
    }

    /// <summary>Writes the number of a section, and leaves room for the length of what is written next.</summary>
    public int BeginSection(SessionRecordSection section)
    {
        Byte((byte)section);
        return BeginSection();
    }

    /// <summary>Leaves room for the length of what is written next.</summary>
    public int BeginSection()
    {
        Byte(0);
        return Length;
    }

    public void EndSection(int begin)
    {
        var length = Length - begin;
        if (length < LongLength)
        {
            _bytes[begin - 1] = (byte)length;
            return;
        }

        // Few sections are as long as this. They move by four bytes, so that all others need one byte for their length.
        _bytes[begin..Length].CopyTo(_bytes[(begin + sizeof(int))..]);
        _bytes[begin - 1] = LongLength;
        BinaryPrimitives.WriteInt32BigEndian(_bytes[begin..], length);
        Length += sizeof(int);
    }

    private Span<byte> Take(int count)
    {
        var taken = _bytes.Slice(Length, count);
        Length += count;
        return taken;
    }
}
