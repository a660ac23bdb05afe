using System.Globalization;
using System.Text.RegularExpressions;

namespace Sessions.Redis;

/// <summary>Where a walk is, as its continuation says.</summary>
/// <param name="TopologyHash">What all primaries were when the walk began.</param>
/// <param name="Probes">The primaries that are left, the one under way first: each by the number of a key that is its own.</param>
/// <param name="NodeIdentity">What the one under way was when it was begun; empty while it is not.</param>
/// <param name="Cursor">How far the walk is in its keys, in the words of the server.</param>
internal sealed partial record RedisScanCursor(string TopologyHash, int[] Probes, string NodeIdentity = "", string Cursor = "0")
{
    /// <exception cref="FormatException">It is not the text of a place.</exception>
    public static RedisScanCursor Parse(string text)
    {
        var parts = Format.Match(text);
        var isBegun = parts.Groups["node"].Length > 0;
        return
            ulong.TryParse(parts.Groups["cursor"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor)
            && isBegun == cursor > 0
            ? new(
                parts.Groups["map"].Value,
                [.. parts.Groups["probe"].Captures.Select(static probe => int.Parse(probe.Value, CultureInfo.InvariantCulture))],
                parts.Groups["node"].Value,
                parts.Groups["cursor"].Value
            )
            : throw new FormatException("The continuation is not one of a walk through the sessions in Redis.");
    }

    public override string ToString() => $"{TopologyHash}.{NodeIdentity}.{Cursor}.{string.Join('-', Probes)}";

    [GeneratedRegex(
        @"\A(?<map>[A-Za-z0-9_-]{22})\.(?<node>(?:[A-Za-z0-9_-]{22})?)\.(?<cursor>0|[1-9][0-9]{0,19})\.(?:(?<probe>0|[1-9][0-9]{0,6})(?:-(?!\z)|\z))+\z"
    )]
    private static partial Regex Format { get; }
}
