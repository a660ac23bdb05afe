using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sessions.Redis;

/// <summary>Writes a record from front to back; the counterpart of <see cref="RedisRecordReader"/>.</summary>
internal static class RedisRecordWriter
{
    extension(ArrayBufferWriter<byte> output)
    {
        public void WriteInstant(DateTimeOffset instant) => output.Write(RedisMilliseconds.Of(instant));

        public void WriteHash(Sha256Hash hash)
        {
            hash.CopyTo(output.GetSpan(Sha256Hash.Size));
            output.Advance(Sha256Hash.Size);
        }

        public void WriteSection(ReadOnlySpan<byte> section)
        {
            BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(sizeof(ushort)), (ushort)section.Length);
            output.Advance(sizeof(ushort));
            output.Write(section);
        }

        public void WriteSmallSection(ReadOnlySpan<byte> section) => output.Write([(byte)section.Length, .. section]);

        public void WriteText(string text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), length);
            output.Advance(sizeof(int));
            output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(length)));
        }
    }
}
