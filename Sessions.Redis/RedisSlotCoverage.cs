using System.Collections;
using System.Globalization;

namespace Sessions.Redis;

/// <summary>Which slots of a cluster the nodes have reported.</summary>
internal sealed class RedisSlotCoverage
{
    private const int Count = 16_384;

    private readonly BitArray _covered = new(Count);

    public bool IsComplete => _covered.HasAllSet();

    public bool IsCovered(int probe) => _covered[ComputeSlot(probe.ToString(CultureInfo.InvariantCulture))];

    public void Add(IEnumerable<(int First, int Last)> rows)
    {
        foreach (var (first, last) in rows)
        {
            for (var slot = first; slot <= last; slot++)
            {
                _covered[slot] = true;
            }
        }
    }

    /// <summary>
    /// The slot of a key with this text in its braces: CRC-16/XMODEM. Drivers know it too, but not before they have found out that there is
    /// a cluster.
    /// </summary>
    public static int ComputeSlot(string tag)
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
