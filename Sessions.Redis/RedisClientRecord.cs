using System.Buffers;
using System.Net;
using System.Text;
using Sessions.Clients;

namespace Sessions.Redis;

/// <summary>The binary form of a client: device, what is there, address, operating system, browser, hash of the user agent.</summary>
internal static class RedisClientRecord
{
    private const byte NoLabel = 129;
    private const byte FirstKnownLabel = 130;

    // Names that most sessions have are kept as one byte. The order is part of the format: add at the end only.
    private static readonly string[] KnownLabels =
    [
        .. (string[])["Windows", "macOS", "Linux", "Android", "iOS", "iPadOS", "ChromeOS"],
        .. (string[])["Chrome", "Firefox", "Safari", "Edge", "Opera", "Samsung Internet", "Chromium"],
    ];

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        IPv4 = 1,
        IPv6 = 2,
        UserAgentHash = 4,
    }

    public static byte[] Write(ClientInfo client)
    {
        var output = new ArrayBufferWriter<byte>(64);
        var address = client.IPAddress?.GetAddressBytes() ?? [];
        var parts = address.Length switch
        {
            0 => Parts.None,
            4 => Parts.IPv4,
            _ => Parts.IPv6,
        };
        parts |= client.UserAgentHash is null ? Parts.None : Parts.UserAgentHash;
        output.Write([(byte)client.Device, (byte)parts, .. address]);
        WriteLabel(output, client.OperatingSystem);
        WriteLabel(output, client.Browser);
        if (client.UserAgentHash is { } hash)
        {
            output.WriteHash(hash);
        }

        return output.WrittenSpan.ToArray();
    }

    public static ClientInfo Read(ReadOnlySpan<byte> section)
    {
        var input = new RedisRecordReader(section);
        var device = (DeviceKind)input.Byte();
        var parts = (Parts)input.Byte();
        return new()
        {
            Device = device,
            IPAddress =
                parts.HasFlag(Parts.IPv4) ? new IPAddress(input.Take(4))
                : parts.HasFlag(Parts.IPv6) ? new IPAddress(input.Take(16))
                : null,
            OperatingSystem = ReadLabel(ref input),
            Browser = ReadLabel(ref input),
            UserAgentHash = parts.HasFlag(Parts.UserAgentHash) ? input.Hash() : null,
        };
    }

    // One byte: the length of the text that follows, at most 128; or that there is none; or which of the known names it is.
    private static void WriteLabel(ArrayBufferWriter<byte> output, string? label)
    {
        var known = Array.IndexOf(KnownLabels, label);
        if (label is null || known >= 0)
        {
            output.Write([label is null ? NoLabel : (byte)(FirstKnownLabel + known)]);
            return;
        }

        var text = Encoding.UTF8.GetBytes(label);
        output.Write([(byte)text.Length, .. text]);
    }

    private static string? ReadLabel(ref RedisRecordReader input) =>
        input.Byte() switch
        {
            NoLabel => null,
            >= FirstKnownLabel and var known => KnownLabels.AsSpan()[(known - FirstKnownLabel)..][0],
            var length => Encoding.UTF8.GetString(input.Take(length)),
        };
}
