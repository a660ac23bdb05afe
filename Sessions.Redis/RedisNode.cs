using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sessions.Redis;

/// <summary>A primary as it describes itself.</summary>
/// <param name="Identity">Another one when the server was restarted, is another, or has other slots than before: then its keys are in
/// another order, or are other keys.</param>
/// <param name="Slots">The slots it has, first and last of each row; none when it is no cluster's.</param>
/// <param name="IsMoving">Whether keys of a slot are on their way from or to it.</param>
internal sealed record RedisNode(string Identity, IReadOnlyList<(int First, int Last)> Slots, bool IsMoving)
{
    // The fields of a line of CLUSTER NODES before the slots: id, address, flags, primary, ping, pong, epoch, link.
    private const int Epoch = 6;
    private const int FirstSlots = 8;

    /// <summary>Half of a hash is enough: it is compared only with its own earlier value, and no attacker can choose it.</summary>
    public static string ComputeHash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <param name="run">The server's name for its own life, from start to end.</param>
    /// <param name="line">Its own line of <c>CLUSTER NODES</c>; empty when it is no cluster's.</param>
    public static RedisNode Parse(string run, string line)
    {
        if (line.Length == 0)
        {
            return new(ComputeHash(run), [], IsMoving: false);
        }

        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var slots = fields[FirstSlots..].Where(static slot => slot[0] != '[').ToList();
        // The epoch grows whenever a slot changes hands, so that a slot which left and came back changes the hash too.
        var identity = ComputeHash($"{run} {fields[0]} {fields[Epoch]} {string.Join(',', slots)}");
        return new(identity, [.. slots.Select(ParseSlotRange)], IsMoving: slots.Count < fields.Length - FirstSlots);
    }

    private static (int First, int Last) ParseSlotRange(string text)
    {
        var ends = text.Split('-');
        return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
    }
}
