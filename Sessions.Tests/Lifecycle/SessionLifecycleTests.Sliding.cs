using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    [Test]
    public async Task A_session_that_is_not_used_for_the_idle_time_is_gone_at_that_instant()
    {
        var (manager, token) = await CreateIdleSessionAsync();

        Clock.Advance(Idle - Millisecond);
        var before = await manager.AuthAsync(token, null, Token);
        Clock.Advance(Millisecond);
        var at = await manager.AuthAsync(token, null, Token);

        Assert.That(before.IsAccepted);
        Assert.That(at.Rejection, Is.EqualTo(SessionRejection.Unknown));
    }

    [Test]
    public async Task A_session_that_is_used_slides_but_never_past_its_end()
    {
        var (manager, token) = await CreateIdleSessionAsync();
        var end = (await manager.AuthAsync(token, null, Token)).Session!.EndsAt;

        while (end - Clock.UtcNow > Idle)
        {
            Clock.Advance(Idle - TimeSpan.FromMinutes(1));
            (var verdict, token) = await RequestAsync(manager, token);
            Assert.That(verdict.IsAccepted);
        }

        Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.ExpiresAt, Is.EqualTo(end));
        Clock.UtcNow = end - Millisecond;
        Assert.That((await manager.AuthAsync(token, null, Token)).IsAccepted);
        Clock.UtcNow = end;
        Assert.That((await manager.AuthAsync(token, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task A_request_that_must_not_slide_does_not_keep_the_session_alive()
    {
        var (manager, token) = await CreateIdleSessionAsync();

        Clock.Advance(Idle - Millisecond);
        await RequestAsync(manager, token, slide: false);
        await manager.Authenticator.FlushAsync(Token);
        Clock.Advance(Millisecond);

        Assert.That((await manager.AuthAsync(token, null, Token)).IsAccepted, Is.False);
    }

    [Test]
    public async Task When_little_idle_time_is_left_the_use_is_written_before_the_request_goes_on()
    {
        var (manager, token) = await CreateIdleSessionAsync();

        Clock.Advance((Idle * 0.75) + Millisecond);
        await RequestAsync(manager, token);

        var session = await Store.FetchSessionAsync(token.Id, Token);
        Assert.That(session!.ExpiresAt, Is.EqualTo(Clock.UtcNow + Idle).Within(Millisecond));
    }

    [Test]
    public async Task When_little_idle_time_is_left_no_request_goes_on_because_another_one_is_writing()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(o => (o.IdleTimeout, o.RotateAfter) = (Idle, null), counting);
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;
        var writing = new TaskCompletionSource();
        counting.OnTouching = () => writing.Task;
        Clock.Advance((Idle * 0.75) + Millisecond);

        var first = RequestAsync(manager, token);
        var second = RequestAsync(manager, token);
        var wentOn = second.IsCompleted;
        writing.SetResult();
        await first;
        await second;

        Assert.That(wentOn, Is.False);
    }

    [Test]
    public async Task A_manager_that_is_disposed_writes_what_waits()
    {
        var manager = NewManager();
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(TimeSpan.FromMinutes(2));
        await RequestAsync(manager, token);

        await manager.DisposeAsync();

        Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.LastSeenAt, Is.EqualTo(Clock.UtcNow).Within(Millisecond));
    }

    [Test]
    public async Task A_touch_never_brings_back_a_session_that_was_revoked_meanwhile()
    {
        var token = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(TimeSpan.FromMinutes(2));
        await RequestAsync(token);

        await Administration.RevokeAllAsync("ann", Token);
        await Manager.Authenticator.FlushAsync(Token);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [Test]
    public async Task The_client_that_was_seen_last_is_written_with_the_touch()
    {
        var token = (await Manager.InitAsync("ann", cancellationToken: Token)).Token;
        var client = new ClientInfo { Browser = "Firefox", OperatingSystem = "Linux" };

        Clock.Advance(TimeSpan.FromMinutes(1));
        await RequestAsync(Manager, token, client);
        await Manager.Authenticator.FlushAsync(Token);

        var session = await Store.FetchSessionAsync(token.Id, Token);
        Assert.That(session!.LastClient, Is.EqualTo(client));
        Assert.That(session.Client, Is.EqualTo(ClientInfo.Unknown));
    }

    private async Task<(SessionManager Manager, SessionToken Token)> CreateIdleSessionAsync()
    {
        var manager = NewManager(o => (o.IdleTimeout, o.RotateAfter) = (Idle, null));
        return (manager, (await manager.InitAsync("ann", cancellationToken: Token)).Token);
    }
}
