using System.Net;
using System.Text.Json;
using NUnit.Framework;

namespace Sessions.Tests.Clients;

public sealed class ClientInfoTests
{
    [TestCase("203.0.113.7", "203.0.113.7")]
    [TestCase("::ffff:203.0.113.7", "203.0.113.7")]
    [TestCase("0.0.0.0", "0.0.0.0")]
    [TestCase("::", "::")]
    [TestCase("::1", "::1")]
    [TestCase("2001:db8::7:5", "2001:db8::7:5")]
    [TestCase("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_address_comes_back_and_a_mapped_one_as_IPv4(string given, string held) =>
        Assert.That(new ClientInfo { IPAddress = IPAddress.Parse(given) }.IPAddress, Is.EqualTo(IPAddress.Parse(held)));

    [Test]
    public void A_scope_is_dropped()
    {
        var client = new ClientInfo { IPAddress = new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), scopeid: 4) };

        Assert.That(client.IPAddress!.ScopeId, Is.Zero);
        Assert.That(client, Is.EqualTo(new ClientInfo { IPAddress = IPAddress.Parse("fe80::1") }));
    }

    [Test]
    public void A_changed_address_object_changes_no_client()
    {
        var address = IPAddress.Parse("fe80::1");
        var client = new ClientInfo { IPAddress = address };

        address.ScopeId = 9;
        client.IPAddress!.ScopeId = 9;

        Assert.That(client.IPAddress.ScopeId, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(256)]
    public void A_kind_of_device_that_not_every_backend_can_store_is_refused(int kind) =>
        Assert.That(() => new ClientInfo { Device = (DeviceKind)kind }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(0)]
    [TestCase(99)]
    [TestCase(255)]
    public void A_kind_of_device_that_a_later_version_may_know_is_kept(int kind) =>
        Assert.That((int)new ClientInfo { Device = (DeviceKind)kind }.Device, Is.EqualTo(kind));

    [Test]
    public void Clients_are_equal_by_value()
    {
        var (one, other) = (Full(), Full());

        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(new ClientInfo(), Is.EqualTo(ClientInfo.Unknown));
    }

    [Test]
    public void Clients_differ_when_any_part_does()
    {
        ClientInfo[] others =
        [
            Full() with
            {
                IPAddress = IPAddress.Parse("203.0.113.8"),
            },
            Full() with
            {
                IPAddress = null,
            },
            Full() with
            {
                OperatingSystem = "linux",
            },
            Full() with
            {
                Browser = null,
            },
            Full() with
            {
                Device = DeviceKind.Mobile,
            },
            Full() with
            {
                UserAgentHash = Sha256Hash.Compute("another"u8),
            },
        ];

        Assert.That(others, Has.None.EqualTo(Full()));
    }

    [Test]
    public void What_is_changed_in_a_copy_stays_in_its_original()
    {
        var original = Full();

        var copy = original with { OperatingSystem = null, Browser = "Chrome", Device = DeviceKind.Tablet, UserAgentHash = null };
        _ = copy with
        {
            OperatingSystem = "Windows",
            Browser = null,
            Device = DeviceKind.Bot,
            UserAgentHash = Sha256Hash.Compute("another"u8),
        };

        Assert.That(original, Is.EqualTo(Full()));
        Assert.That(
            copy,
            Is.EqualTo(
                new ClientInfo
                {
                    IPAddress = original.IPAddress,
                    Browser = "Chrome",
                    Device = DeviceKind.Tablet,
                }
            )
        );
    }

    [Test]
    public void A_client_takes_two_objects_and_one_of_another_address_a_single_small_one()
    {
        var (address, hash) = (IPAddress.Parse("203.0.113.9"), Sha256Hash.Compute("agent"u8));
        var client = Full();

        var whole = BytesOf(() =>
            new ClientInfo
            {
                IPAddress = address,
                OperatingSystem = "Linux",
                Browser = "Firefox",
                Device = DeviceKind.Desktop,
                UserAgentHash = hash,
            }
        );
        var copied = BytesOf(() => client with { IPAddress = address });
        var unknown = BytesOf(() => new ClientInfo { OperatingSystem = null, UserAgentHash = null });

        Assert.That(whole, Is.AtMost(136));
        Assert.That((copied, unknown), Is.EqualTo((48, 48)));
    }

    [Test]
    public void IPv4_and_IPv6_addresses_of_equal_bits_differ() =>
        Assert.That(
            new ClientInfo { IPAddress = IPAddress.Parse("0.0.0.1") },
            Is.Not.EqualTo(new ClientInfo { IPAddress = IPAddress.Parse("::1") })
        );

    [Test]
    public void Names_have_at_most_128_bytes_of_UTF_8()
    {
        var longest = new string('é', 64);

        Assert.That(new ClientInfo { OperatingSystem = longest, Browser = longest }.Browser, Is.EqualTo(longest));
        Assert.That(() => new ClientInfo { OperatingSystem = longest + "x" }, Throws.ArgumentException.With.Message.Contains("129"));
        Assert.That(() => new ClientInfo { Browser = longest + "x" }, Throws.ArgumentException.With.Message.Contains("129"));
    }

    [TestCase('\0')]
    [TestCase('\ud800')]
    [TestCase('\udc00')]
    public void Names_that_not_every_backend_can_store_are_refused(char character)
    {
        var name = $"a{character}b";

        Assert.That(() => new ClientInfo { OperatingSystem = name }, Throws.ArgumentException);
        Assert.That(() => new ClientInfo { Browser = name }, Throws.ArgumentException);
    }

    [Test]
    public void As_JSON_a_client_is_texts_without_the_hash_of_its_agent() =>
        Assert.That(
            JsonSerializer.Serialize(Full(), JsonSerializerOptions.Web),
            Is.EqualTo("""{"ipAddress":"203.0.113.7","operatingSystem":"Linux","browser":"Firefox","device":"Desktop"}""")
        );

    [Test]
    public void A_client_comes_back_from_JSON_but_for_the_hash() =>
        Assert.That(
            JsonSerializer.Deserialize<ClientInfo>(JsonSerializer.Serialize(Full())),
            Is.EqualTo(Full() with { UserAgentHash = null })
        );

    [Test]
    public void An_unknown_client_comes_back_from_JSON() =>
        Assert.That(JsonSerializer.Deserialize<ClientInfo>(JsonSerializer.Serialize(ClientInfo.Unknown)), Is.EqualTo(ClientInfo.Unknown));

    [TestCase("""{"ipAddress":"nowhere"}""")]
    [TestCase("""{"ipAddress":7}""")]
    [TestCase("""{"device":"Toaster"}""")]
    public void JSON_that_is_no_client_is_refused(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<ClientInfo>(json, JsonSerializerOptions.Web), Throws.TypeOf<JsonException>());

    private static long BytesOf(Func<ClientInfo> make)
    {
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        make();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static ClientInfo Full() =>
        new()
        {
            IPAddress = IPAddress.Parse("203.0.113.7"),
            OperatingSystem = "Linux",
            Browser = "Firefox",
            Device = DeviceKind.Desktop,
            UserAgentHash = Sha256Hash.Compute("agent"u8),
        };
}
