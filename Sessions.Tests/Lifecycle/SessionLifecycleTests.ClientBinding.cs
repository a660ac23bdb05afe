using System.Net;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    private static readonly ClientInfo HomeClient = NewClient("192.0.2.10", "Firefox", "Linux", "Firefox 130");

    [TestCase("192.0.2.200", ExpectedResult = true)]
    [TestCase("192.0.3.10", ExpectedResult = false)]
    [TestCase("2001:db8::10", ExpectedResult = false)]
    [TestCase(null, ExpectedResult = false)]
    [TestCase("::ffff:192.0.2.11", ExpectedResult = true)]
    public Task<bool> A_binding_to_a_prefix_of_24_bits_accepts_the_same_IPv4_network(string? address) =>
        IsAcceptedAsync(
            HomeClient,
            HomeClient with
            {
                IPAddress = Parse(address),
            },
            binding => binding.Address = ClientBindingAddressMode.Prefix
        );

    [TestCase("2001:db8:0:1::ffff", ExpectedResult = true)]
    [TestCase("2001:db8:0:2::1", ExpectedResult = false)]
    [TestCase("192.0.2.10", ExpectedResult = false)]
    public Task<bool> A_binding_to_a_prefix_of_64_bits_accepts_the_same_IPv6_subnet(string address) =>
        IsAcceptedAsync(
            HomeClient with
            {
                IPAddress = IPAddress.Parse("2001:db8:0:1::1"),
            },
            HomeClient with
            {
                IPAddress = IPAddress.Parse(address),
            },
            binding => binding.Address = ClientBindingAddressMode.Prefix
        );

    [TestCase("192.0.2.10", ExpectedResult = true)]
    [TestCase("192.0.2.11", ExpectedResult = false)]
    public Task<bool> An_exact_binding_accepts_only_the_same_address(string address) =>
        IsAcceptedAsync(
            HomeClient,
            HomeClient with
            {
                IPAddress = IPAddress.Parse(address),
            },
            binding => binding.Address = ClientBindingAddressMode.Exact
        );

    [TestCase("Firefox", "Linux", "Firefox 131", ExpectedResult = true, TestName = "A_changed_version_of_the_browser_is_no_change")]
    [TestCase("Chrome", "Linux", "Firefox 130", ExpectedResult = false, TestName = "Another_browser_is_a_change")]
    [TestCase("Firefox", "Windows", "Firefox 130", ExpectedResult = false, TestName = "Another_operating_system_is_a_change")]
    [TestCase(null, null, "Firefox 130", ExpectedResult = false, TestName = "A_browser_that_cannot_be_told_is_a_change")]
    public Task<bool> A_binding_to_the_browser(string? browser, string? system, string header) =>
        IsAcceptedAsync(
            HomeClient,
            NewClient("192.0.2.10", browser, system, header),
            binding => binding.UserAgent = ClientBindingUserAgentMode.SameBrowser
        );

    [TestCase("Firefox 130", ExpectedResult = true)]
    [TestCase("Firefox 131", ExpectedResult = false)]
    public Task<bool> An_exact_binding_to_the_user_agent_accepts_only_the_same_header(string header) =>
        IsAcceptedAsync(
            HomeClient,
            NewClient("192.0.2.10", "Firefox", "Linux", header),
            binding => binding.UserAgent = ClientBindingUserAgentMode.Exact
        );

    [Test]
    public async Task A_rolling_binding_follows_the_client_in_small_steps()
    {
        var manager = CreateBindingManager(binding =>
            (binding.Address, binding.IPv4PrefixLength, binding.Reference) = (
                ClientBindingAddressMode.Prefix,
                16,
                ClientBindingReference.LastSeen
            )
        );
        var token = (await manager.InitAsync("ann", new SessionInit { Client = HomeClient }, Token)).Token;

        // Rejected ones leave no trace, accepted ones become the reference.
        Clock.Advance(TimeSpan.FromMinutes(1));
        var (far, _) = await RequestAsync(manager, token, HomeClient with { IPAddress = IPAddress.Parse("198.51.100.1") });
        var (near, _) = await RequestAsync(manager, token, HomeClient with { IPAddress = IPAddress.Parse("192.0.99.1") });
        await manager.Authenticator.FlushAsync(Token);

        Assert.That((far.Rejection, near.Rejection), Is.EqualTo((SessionRejection.ClientChanged, SessionRejection.None)));
        Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.LastClient.IPAddress, Is.EqualTo(IPAddress.Parse("192.0.99.1")));
    }

    [TestCase(ClientBindingMismatchAction.Reject, false, true)]
    [TestCase(ClientBindingMismatchAction.Revoke, false, false)]
    [TestCase(ClientBindingMismatchAction.Report, true, true)]
    public async Task A_mismatch_is_reported_and_rejects_revokes_or_passes(
        ClientBindingMismatchAction onMismatch,
        bool accepted,
        bool survives
    )
    {
        var manager = CreateBindingManager(binding =>
            (binding.Address, binding.MismatchAction) = (ClientBindingAddressMode.Exact, onMismatch)
        );
        var token = (await manager.InitAsync("ann", new SessionInit { Client = HomeClient }, Token)).Token;

        var verdict = await manager.AuthAsync(token, HomeClient with { IPAddress = IPAddress.Parse("198.51.100.1") }, Token);

        Assert.That(verdict.IsAccepted, Is.EqualTo(accepted));
        Assert.That((await manager.AuthAsync(token, HomeClient, Token)).IsAccepted, Is.EqualTo(survives));
        Assert.That(Events<SessionClientChangedContext>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_a_binding_any_client_is_accepted()
    {
        var token = (await Manager.InitAsync("ann", new SessionInit { Client = HomeClient }, Token)).Token;

        Assert.That((await Manager.AuthAsync(token, NewClient("198.51.100.1", "curl", null, "curl/8"), Token)).IsAccepted);
        Assert.That(Events<SessionClientChangedContext>(), Is.Empty);
    }

    private static ClientInfo NewClient(string? address, string? browser, string? system, string header) =>
        new()
        {
            IPAddress = Parse(address),
            Browser = browser,
            OperatingSystem = system,
            UserAgentHash = Sha256Hash.Compute(System.Text.Encoding.UTF8.GetBytes(header)),
        };

    private static IPAddress? Parse(string? address) => address is null ? null : IPAddress.Parse(address);

    private SessionManager CreateBindingManager(Action<ClientBindingOptions> configure) =>
        NewManager(options => configure(options.Binding));

    private async Task<bool> IsAcceptedAsync(ClientInfo first, ClientInfo later, Action<ClientBindingOptions> configure)
    {
        var manager = CreateBindingManager(configure);
        var token = (await manager.InitAsync("ann", new SessionInit { Client = first }, Token)).Token;
        return (await manager.AuthAsync(token, later, Token)).IsAccepted;
    }
}
