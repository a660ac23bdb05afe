using System.Net;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <content>What the tests of the Go library rivo/sessions ask of sessions.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    private static readonly ClientInfo OfficeClient = NewClient("192.168.178.1", "Firefox", "Linux", "My User Agent");

    [Test]
    public async Task A_session_is_found_again_with_its_user_and_its_values()
    {
        var init = new SessionInit { Values = SessionValues.Empty.Set("test", true) };
        var token = (await Manager.InitAsync("ann", init, Token)).Token;

        Clock.Advance(TimeSpan.FromMinutes(1));
        var session = (await Manager.AuthAsync(token, null, Token)).Session!;

        Assert.That((session.UserKey, session.Values.Get<bool>("test")), Is.EqualTo(("ann", true)));
    }

    [Test]
    public async Task A_rotation_keeps_the_user_the_values_and_the_clocks()
    {
        var init = new SessionInit { Values = SessionValues.Empty.Set("test", true) };
        var first = await Manager.InitAsync("ann", init, Token);
        Clock.Advance(RotateAfter);

        var (_, second) = await RequestAsync(first.Token);

        var session = (await Manager.AuthAsync(second, null, Token)).Session!;
        Assert.That(second, Is.Not.EqualTo(first.Token));
        Assert.That(session with { Credential = first.Session.Credential }, Is.EqualTo(first.Session));
    }

    [Test]
    public async Task Within_the_grace_the_old_secret_opens_the_session_as_it_is_now()
    {
        var (first, second) = await CreateRotatedAsync();
        await RequestAsync(second);
        await Manager.UpdateValuesAsync(second.Id, ValuesPatch.Empty.Set("test", "new"), Token);
        Clock.Advance(Grace);

        var (verdict, held) = await RequestAsync(first);

        Assert.That(verdict.Session!.Values["test"], Is.EqualTo("new"));
        Assert.That(held, Is.EqualTo(first), "No further secret is issued for one that is on its way out.");
    }

    // A level compares that many bytes of an IPv4 address less one; 1 compares none.
    [TestCase(1, "198.51.100.50", ExpectedResult = true)]
    [TestCase(2, "192.100.100.50", ExpectedResult = true)]
    [TestCase(2, "198.168.178.1", ExpectedResult = false)]
    [TestCase(3, "192.168.100.50", ExpectedResult = true)]
    [TestCase(3, "192.100.100.50", ExpectedResult = false)]
    [TestCase(4, "192.168.178.50", ExpectedResult = true)]
    [TestCase(4, "192.168.100.50", ExpectedResult = false)]
    public async Task<bool> A_session_survives_a_change_of_address_within_its_prefix(int level, string address)
    {
        var manager = CreateBindingManager(binding =>
        {
            binding.Address = level == 1 ? ClientBindingAddressMode.Any : ClientBindingAddressMode.Prefix;
            binding.IPv4PrefixLength = Math.Max(1, 8 * (level - 1));
            (binding.Reference, binding.MismatchAction) = (ClientBindingReference.LastSeen, ClientBindingMismatchAction.Revoke);
        });
        var token = (await manager.InitAsync("ann", new SessionInit { Client = OfficeClient }, Token)).Token;

        await RequestAsync(manager, token, OfficeClient with { IPAddress = IPAddress.Parse(address) });

        return await Store.FetchSessionAsync(token.Id, Token) is not null;
    }

    [TestCase("My User Agent", ExpectedResult = true)]
    [TestCase("Not my User Agent", ExpectedResult = false)]
    public async Task<bool> A_session_survives_no_change_of_the_user_agent_where_it_ends_on_one(string header)
    {
        var manager = CreateBindingManager(binding =>
            (binding.UserAgent, binding.Reference, binding.MismatchAction) = (
                ClientBindingUserAgentMode.Exact,
                ClientBindingReference.LastSeen,
                ClientBindingMismatchAction.Revoke
            )
        );
        var token = (await manager.InitAsync("ann", new SessionInit { Client = OfficeClient }, Token)).Token;

        await RequestAsync(manager, token, NewClient("192.168.178.1", "Firefox", "Linux", header));

        return await Store.FetchSessionAsync(token.Id, Token) is not null;
    }

    [Test]
    public async Task Values_are_set_replaced_removed_and_taken_once()
    {
        var id = (await Manager.StartVisitorAsync(cancellationToken: Token)).Session.Id;
        await Manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set("key1", true), Token);
        await Manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set("key1", false), Token);
        await Manager.UpdateValuesAsync(id, ValuesPatch.Empty.Set("key2", "value").Set("key3", ""), Token);
        await Manager.UpdateValuesAsync(id, ValuesPatch.Empty.Remove("key3"), Token);

        var values = (await Store.FetchSessionAsync(id, Token))!.Values;
        var (once, twice) = (await Manager.TakeValueAsync(id, "key1", Token), await Manager.TakeValueAsync(id, "key1", Token));

        Assert.That(values.Get<bool?>("key1"), Is.False);
        Assert.That(values["key2"], Is.EqualTo("value"));
        Assert.That(values.GetValueOrDefault("key3", "key"), Is.EqualTo("key"));
        Assert.That((once, twice), Is.EqualTo(("false", (string?)null)));
        Assert.That((await Store.FetchSessionAsync(id, Token))!.Values.Keys, Is.EqualTo(["key2"]));
    }

    [Test]
    public async Task A_visitor_who_signs_in_exclusively_has_one_session_with_the_same_values()
    {
        var phone = await Manager.InitAsync("ann", cancellationToken: Token);
        var (_, held) = await StartVisitorAsync();

        var issued = await Manager.InitAsync("ann", new SessionInit { ReplacedToken = held, Exclusive = true }, Token);

        var sessions = await Administration.FetchAllAsync("ann", Token);
        Assert.That(sessions.Select(session => session.Id), Is.EqualTo([issued.Session.Id]));
        Assert.That(sessions[0].Values["cart"], Is.EqualTo("3"));
        Assert.That((await Manager.AuthAsync(phone.Token, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task Signing_out_a_visitor_changes_nothing()
    {
        var (visitor, held) = await StartVisitorAsync();

        var left = await Manager.LogOutAsync(visitor, keepValues: true, Token);

        Assert.That(left, Is.Null);
        Assert.That((await Manager.AuthAsync(held, null, Token)).Session?.Values, Is.EqualTo(visitor.Values));
    }
}
