using System.Net;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>Nothing is written because of what is only remembered, unless the store makes sure that it still holds.</summary>
public sealed class StaleCacheEntryTests : CacheTestBase
{
    private static readonly ClientInfo s_home = new() { IPAddress = IPAddress.Parse("192.0.2.10") };
    private static readonly ClientInfo s_train = new() { IPAddress = IPAddress.Parse("198.51.100.1") };
    private int _changes;

    [Test]
    public async Task A_rotation_on_an_old_copy_changes_nothing_and_gives_no_secret()
    {
        var ann = await SignInAsync();
        Node.Advance(TimeSpan.FromHours(1));
        await AssertAcceptedAsync(ann.Token);
        var elsewhere = await RemoteManager.AuthAsync(ann.Token, null, Token);
        Assert.That(await RemoteManager.Authenticator.RenewTokenAsync(elsewhere, ann.Token, Token), Is.Not.Null);
        var rotated = await Data.FetchSessionAsync(ann.Session.Id, Token);

        var verdict = await Node.AuthAsync(ann.Token, Token);
        var next = await Node.Manager.Authenticator.RenewTokenAsync(verdict, ann.Token, Token);

        Assert.That(verdict.Session!.Credential, Is.EqualTo(ann.Session.Credential), "By what is remembered nothing has been rotated.");
        Assert.That(next, Is.Null);
        Assert.That(await Data.FetchSessionAsync(ann.Session.Id, Token), Is.EqualTo(rotated));
    }

    [Test]
    public async Task After_a_rotation_that_came_too_late_the_old_entry_is_invalidated()
    {
        var ann = await SignInCachedAsync();
        await RemoteManager.Authenticator.RotateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, Token);
        await Node.Manager.Authenticator.RotateAsync(await Node.AuthAsync(ann.Token, Token), ann.Token, Token);

        var verdict = await Node.AuthAsync(ann.Token, Token);

        Assert.That(verdict.Standing, Is.EqualTo(TokenStanding.Previous));
    }

    [Test]
    public async Task A_sign_in_on_top_of_an_old_copy_changes_nothing()
    {
        var ann = await SignInCachedAsync();
        await RemoteManager.Authenticator.RotateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, Token);
        var rotated = await Data.FetchSessionAsync(ann.Session.Id, Token);

        var stale = await Node.AuthAsync(ann.Token, Token);
        var issued = await Node.Manager.Authenticator.ReauthenticateAsync(stale, ann.Token, "otp", Token);

        Assert.That(issued, Is.Null);
        Assert.That(await Data.FetchSessionAsync(ann.Session.Id, Token), Is.EqualTo(rotated));
    }

    [Test]
    public async Task A_showing_of_a_token_that_was_given_again_meanwhile_records_nothing()
    {
        var ann = await SignInAsync();
        var second = (await RemoteManager.Authenticator.RotateAsync(SessionAuthResult.Accept(ann.Session), ann.Token, Token))!.Value;
        var verdict = await Node.AuthAsync(second, Token);
        await RemoteManager.Authenticator.RecordUseAsync(await RemoteManager.AuthAsync(second, null, Token), null, slide: false, Token);
        var delivered = await Data.FetchSessionAsync(ann.Session.Id, Token);
        Node.Advance(RotationRules.FlushTime);

        // By what this node read, the token was never shown.
        await Node.Manager.Authenticator.RecordUseAsync(verdict, null, slide: false, Token);

        Assert.That(await Data.FetchSessionAsync(ann.Session.Id, Token), Is.EqualTo(delivered));
    }

    [Test]
    public async Task A_touch_brings_back_nothing_that_was_ended_elsewhere()
    {
        var ann = await SignInAsync();
        Node.Advance(TimeSpan.FromMinutes(2));
        await AssertAcceptedAsync(ann.Token);
        await DeleteUnpublishedAsync(ann.Session.Id);

        await Node.Manager.Authenticator.RecordUseAsync(await Node.AuthAsync(ann.Token, Token), null, slide: true, Token);
        await Node.Manager.Authenticator.FlushAsync(Token);

        Assert.That(await Data.FetchAllAsync("ann", Token), Is.Empty);
    }

    [TestCase(ClientBindingMismatchAction.Reject)]
    [TestCase(ClientBindingMismatchAction.Revoke)]
    [TestCase(ClientBindingMismatchAction.Report)]
    public async Task A_client_that_has_moved_elsewhere_is_judged_by_the_store(ClientBindingMismatchAction onMismatch)
    {
        // The binding follows the client in steps, and another node has seen the last one.
        var node = await AddNodeAsync(configure: o => Bind(o, onMismatch));
        var ann = await SignInAsync(init: new SessionInit { Client = s_home });
        await node.Manager.AuthAsync(ann.Token, s_home, Token);
        await Data.UpdateAsync(ann.Session.Id, new SessionPatch { LastClient = s_train }, Token);

        var verdict = await node.Manager.AuthAsync(ann.Token, s_train, Token);

        Assert.That(verdict.Rejection, Is.EqualTo(SessionRejection.None));
        Assert.That(_changes, Is.Zero);
        Assert.That(await Data.FetchSessionAsync(ann.Session.Id, Token), Is.Not.Null);
    }

    [Test]
    public async Task A_client_that_is_another_by_the_store_too_ends_the_session()
    {
        var node = await AddNodeAsync(configure: o => Bind(o, ClientBindingMismatchAction.Revoke));
        var ann = await SignInAsync(init: new SessionInit { Client = s_home });
        await node.Manager.AuthAsync(ann.Token, s_home, Token);

        var verdict = await node.Manager.AuthAsync(ann.Token, s_train, Token);

        Assert.That((verdict.Rejection, _changes), Is.EqualTo((SessionRejection.ClientChanged, 1)));
        Assert.That((await node.Manager.AuthAsync(ann.Token, s_home, Token)).Rejection, Is.EqualTo(SessionRejection.Unknown));
    }

    private void Bind(SessionUpOptions options, ClientBindingMismatchAction onMismatch)
    {
        _changes = 0;
        options.Binding.Address = ClientBindingAddressMode.Exact;
        options.Binding.Reference = ClientBindingReference.LastSeen;
        options.Binding.MismatchAction = onMismatch;
        options.Events.OnClientChanged = _ =>
        {
            _changes++;
            return ValueTask.CompletedTask;
        };
    }
}
