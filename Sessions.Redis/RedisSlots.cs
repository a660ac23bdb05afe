using System.Collections;
using System.Globalization;

namespace Sessions.Redis;

/// <summary>Which slots of a cluster have told of themselves.</summary>
internal sealed class RedisSlots
{
    private const int Count = 16_384;

    private readonly BitArray _told = new(Count);

    public bool AllTold => _told.HasAllSet();

    public bool HasTold(int probe) => _told[Of(probe.ToString(CultureInfo.InvariantCulture))];

    public void Tell(IEnumerable<(int First, int Last)> rows)
    {
        foreach (var (first, last) in rows)
        {
            for (var slot = first; slot <= last; slot++)
            {
                _told[slot] = true;
            }
        }
    }

    /// <summary>The slot of a key with this text in its braces: CRC-16/XMODEM. Drivers know it too, but not before they have found out that there is a cluster.</summary>
    public static int Of(string tag)
    {
        var crc = 0;
        foreach (var letter in tag)
        {
            crc ^= letter << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ 0x1021;
            }
        }

        return (crc & 0xFFFF) % Count;
    }
}
