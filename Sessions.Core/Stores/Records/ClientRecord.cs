using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sessions.Stores;

/// <summary>
/// The binary form of a client: what is there, and what device it is, in one byte; then, of what is there, address, operating system,
/// browser, hash of the user agent.
/// </summary>
internal static class ClientRecord
{
    /// <summary>The most room that a client takes.</summary>
    public const int MaxSize = 2 + 16 + 2 * (1 + MaxLabel) + Sha256Hash.Size;

    private const int MaxLabel = 128;
    private const byte FirstCommonLabel = MaxLabel + 1;

    // The upper three bits of the first byte; the highest says that the device has a byte of its own.
    private const int DeviceShift = 5;
    private const byte OtherDevice = 7;

    // Names that most sessions have are kept as one byte. The order is part of the format: add at the end only.
    private static readonly string[] CommonLabels =
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
        OperatingSystem = 4,
        Browser = 8,
        UserAgentHash = 16,
    }

    public static void Write(ref RecordWriter output, ClientInfo client)
    {
        var address = client.IPAddress;
        var parts = address switch
        {
            null => Parts.None,
            { AddressFamily: AddressFamily.InterNetwork } => Parts.IPv4,
            _ => Parts.IPv6,
        };
        parts |= client.OperatingSystem is null ? Parts.None : Parts.OperatingSystem;
        parts |= client.Browser is null ? Parts.None : Parts.Browser;
        parts |= client.UserAgentHash is null ? Parts.None : Parts.UserAgentHash;
        var device = (byte)client.Device;
        output.Byte((byte)((byte)parts | Math.Min(device, OtherDevice) << DeviceShift));
        if (device >= OtherDevice)
        {
            output.Byte(device);
        }

        if (address is not null)
        {
            Span<byte> bytes = stackalloc byte[16];
            address.TryWriteBytes(bytes, out var length);
            output.Bytes(bytes[..length]);
        }

        WriteLabel(ref output, client.OperatingSystem);
        WriteLabel(ref output, client.Browser);
        if (client.UserAgentHash is { } hash)
        {
            output.Hash(hash);
        }
    }

    public static ClientInfo Read(ReadOnlySpan<byte> section)
    {
        var input = new RecordReader(section);
        var first = input.Byte();
        var device = first >> DeviceShift;
        return new()
        {
            Device = (DeviceKind)(device == OtherDevice ? input.Byte() : device),
            IPAddress =
                Has(Parts.IPv4) ? new IPAddress(input.Take(4))
                : Has(Parts.IPv6) ? new IPAddress(input.Take(16))
                : null,
            OperatingSystem = Has(Parts.OperatingSystem) ? ReadLabel(ref input) : null,
            Browser = Has(Parts.Browser) ? ReadLabel(ref input) : null,
            UserAgentHash = Has(Parts.UserAgentHash) ? input.Hash() : null,
        };

        bool Has(Parts part) => ((Parts)first & part) != 0;
    }

    // One byte: the length of the text that follows, or which of the known names it is.
    private static void WriteLabel(ref RecordWriter output, string? label)
    {
        if (label is null)
        {
            return;
        }

        var known = Array.IndexOf(CommonLabels, label);
        if (known >= 0)
        {
            output.Byte((byte)(FirstCommonLabel + known));
        }
        else
        {
            output.TextSection(label);
        }
    }

    private static string ReadLabel(ref RecordReader input) =>
        input.Byte() switch
        {
            >= FirstCommonLabel and var known => CommonLabels.AsSpan()[(known - FirstCommonLabel)..][0],
            var length => Encoding.UTF8.GetString(input.Take(length)),
        };
}
