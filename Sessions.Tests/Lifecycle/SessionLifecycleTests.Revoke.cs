using NUnit.Framework;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task Ending_the_others_spares_this_session_and_those_of_other_users()
    {
        var (phone, laptop) = (
            await Manager.InitAsync("ann", cancellationToken: Token),
            await Manager.InitAsync("ann", cancellationToken: Token)
        );
        var bob = await Manager.InitAsync("bob", cancellationToken: Token);

        var ended = await Manager.RevokeOtherAsync(laptop.Session, Token);

        Assert.That(ended, Is.EqualTo(1));
        Assert.That((await Manager.AuthAsync(phone.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(laptop.Token, null, Token)).IsAccepted);
        Assert.That((await Manager.AuthAsync(bob.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task Ending_the_others_from_a_session_that_is_gone_ends_nothing_and_says_so()
    {
        var phone = await Manager.InitAsync("ann", cancellationToken: Token);
        var laptop = await Manager.InitAsync("ann", cancellationToken: Token);
        await Administration.RevokeAsync(laptop.Session.Id, Token);

        var ended = await Manager.RevokeOtherAsync(laptop.Session, Token);

        Assert.That(ended, Is.Null);
        Assert.That((await Manager.AuthAsync(phone.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task Ending_all_ends_this_session_too_and_none_of_other_users()
    {
        var phone = await Manager.InitAsync("ann", cancellationToken: Token);
        var laptop = await Manager.InitAsync("ann", cancellationToken: Token);
        var bob = await Manager.InitAsync("bob", cancellationToken: Token);

        var ended = await Manager.RevokeAllAsync(laptop.Session, Token);

        Assert.That(ended, Is.EqualTo(2));
        Assert.That((await Manager.AuthAsync(phone.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(laptop.Token, null, Token)).IsAccepted, Is.False);
        Assert.That((await Manager.AuthAsync(bob.Token, null, Token)).IsAccepted);
    }

    [Test]
    public async Task A_handler_that_was_removed_is_not_called()
    {
        var told = new List<SessionId>();
        ValueTask Tell(SessionEndedContext e)
        {
            told.Add(e.Session.Id);
            return ValueTask.CompletedTask;
        }

        var events = new SessionEvents { OnEnded = Tell };
        var manager = NewManager(o => o.Events = events);
        var (first, second) = (await NextUnreadableAsync(manager), await NextUnreadableAsync(manager));

        await new SessionAdministration(manager).RevokeAsync(first.Id, Token);
        events.OnEnded -= Tell;
        await new SessionAdministration(manager).RevokeAsync(second.Id, Token);

        Assert.That(told, Is.EqualTo([first.Id]));
    }

    // The cases of sessionup's IsValid, which compares address, operating system and browser with those of the beginning.
    [TestCase("192.0.2.10", "Firefox", "Linux", ExpectedResult = true)]
    [TestCase("192.0.2.11", "Firefox", "Linux", ExpectedResult = false)]
    [TestCase("192.0.2.10", "Chrome", "Linux", ExpectedResult = false)]
    [TestCase("192.0.2.10", "Firefox", "Android", ExpectedResult = false)]
    [TestCase("192.0.2.10", null, null, ExpectedResult = false)]
    public Task<bool> A_binding_to_address_and_browser_accepts_what_sessionup_validates(string address, string? browser, string? system) =>
        IsAcceptedAsync(HomeClient, NewClient(address, browser, system, "any"), CompareAll);

    // Unlike sessionup, which then compares nothing.
    [TestCase(null, "Firefox", "Linux")]
    [TestCase("192.0.2.10", null, "Linux")]
    [TestCase("192.0.2.10", "Firefox", null)]
    public void A_client_that_cannot_be_compared_is_refused_at_its_sign_in(string? address, string? browser, string? system)
    {
        var first = NewClient(address, browser, system, "any");

        Assert.That(async () => await IsAcceptedAsync(first, first, CompareAll), Throws.TypeOf<ClientBindingException>());
    }

    private static void CompareAll(ClientBindingOptions binding) =>
        (binding.Address, binding.UserAgent) = (ClientBindingAddressMode.Exact, ClientBindingUserAgentMode.SameBrowser);
}
