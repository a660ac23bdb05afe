using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>Who is calling: address, operating system, browser and device. What is not known is null.</summary>
public sealed record ClientInfo
{
    private const int MaxLabelBytes = 128;

    // An IPAddress can be changed by any code that holds it, and costs two objects: this type stores the bits instead.
    private readonly UInt128 _address;
    private readonly AddressFamily _family = AddressFamily.Unspecified;

    // Clients of one browser differ by their address alone, so a copy shares the rest with its original. Until it is complete, no other
    // code has the client.
    private ParsedUserAgent _agent = ParsedUserAgent.Unknown;
    private bool _ownsAgent;

    /// <summary>A client of which nothing is known yet.</summary>
    public ClientInfo() { }

    private ClientInfo(ClientInfo original) => (_address, _family, _agent) = (original._address, original._family, original._agent);

    /// <summary>A client of which nothing is known.</summary>
    public static ClientInfo Unknown { get; } = new();

    /// <summary>The caller's address. IPv4 addresses mapped to IPv6 become IPv4, and a scope is dropped.</summary>
    [JsonConverter(typeof(IPAddressJsonConverter))]
    public IPAddress? IPAddress
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
            return _family switch
            {
                AddressFamily.InterNetwork => new IPAddress(bytes[12..]),
                AddressFamily.InterNetworkV6 => new IPAddress(bytes),
                _ => null,
            };
        }
        init
        {
            (_address, _family) = (default, AddressFamily.Unspecified);
            if (value is not null)
            {
                var address = value.IsIPv4MappedToIPv6 ? value.MapToIPv4() : value;
                Span<byte> bytes = stackalloc byte[16];
                bytes.Clear();
                _family = address.AddressFamily;
                address.TryWriteBytes(_family == AddressFamily.InterNetwork ? bytes[12..] : bytes, out _);
                _address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
            }
        }
    }

    /// <summary>The name of the operating system, for instance "Windows"; at most 128 bytes of UTF-8.</summary>
    public string? OperatingSystem
    {
        get => _agent.OperatingSystem;
        init
        {
            if (value != OperatingSystem)
            {
                EnsureOwnAgent().OperatingSystem = SessionText.CheckLabel(value, MaxLabelBytes, nameof(OperatingSystem));
            }
        }
    }

    /// <summary>The name of the browser or app, for instance "Firefox"; at most 128 bytes of UTF-8.</summary>
    public string? Browser
    {
        get => _agent.Browser;
        init
        {
            if (value != Browser)
            {
                EnsureOwnAgent().Browser = SessionText.CheckLabel(value, MaxLabelBytes, nameof(Browser));
            }
        }
    }

    /// <summary>What kind of device it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No number from 0 to 255, so that not every backend can store it. One without a name is
    /// left to later versions.</exception>
    public DeviceKind Device
    {
        get => _agent.Device;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative((int)value, nameof(value));
            ArgumentOutOfRangeException.ThrowIfGreaterThan((int)value, byte.MaxValue, nameof(value));
            if (value != Device)
            {
                EnsureOwnAgent().Device = value;
            }
        }
    }

    /// <summary>SHA-256 of the User-Agent header as it was sent; null when none was.</summary>
    [JsonIgnore]
    public Sha256Hash? UserAgentHash
    {
        get => _agent.Hash;
        init
        {
            if (value != UserAgentHash)
            {
                EnsureOwnAgent().Hash = value;
            }
        }
    }

    /// <summary>Whether both have one address and say the same of themselves.</summary>
    public bool Equals(ClientInfo? other) =>
        other is not null && _address == other._address && _family == other._family && _agent == other._agent;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_address, _family, _agent);

    /// <summary>Whether both addresses are known, of one family and the same in their leading bits.</summary>
    internal bool HasSamePrefix(ClientInfo other, int ipv4Bits, int ipv6Bits)
    {
        var ignored = _family == AddressFamily.InterNetwork ? 32 - ipv4Bits : 128 - ipv6Bits;
        return _family != AddressFamily.Unspecified
            && _family == other._family
            && (ignored >= 128 || _address >> ignored == other._address >> ignored);
    }

    private ParsedUserAgent EnsureOwnAgent()
    {
        if (!_ownsAgent)
        {
            (_agent, _ownsAgent) = (_agent with { }, true);
        }

        return _agent;
    }
}

/// <summary>What a client says of itself. Many clients share one: nothing changes it once the first of them is made.</summary>
internal sealed record ParsedUserAgent
{
    public static readonly ParsedUserAgent Unknown = new();

    public string? OperatingSystem { get; set; }

    public string? Browser { get; set; }

    public DeviceKind Device { get; set; }

    public Sha256Hash? Hash { get; set; }
}

/// <summary>An address in JSON is its text.</summary>
internal sealed class IPAddressJsonConverter : JsonConverter<IPAddress>
{
    public override IPAddress? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPAddress.TryParse(reader.GetString(), out var address) ? address : throw new JsonException("This is not an IP address.");

    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
