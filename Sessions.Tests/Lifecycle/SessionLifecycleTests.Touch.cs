using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <content>The last use of a session, written behind the requests.</content>
internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task The_last_use_is_written_once_in_a_touch_interval_and_behind_the_request()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(store: counting);
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;

        Clock.Advance(TimeSpan.FromMinutes(1) - Millisecond);
        await RequestAsync(manager, token);
        await manager.Authenticator.FlushAsync(Token);
        var early = counting.TouchCount;
        Clock.Advance(Millisecond);
        var used = Clock.UtcNow;
        await RequestAsync(manager, token);
        await RequestAsync(manager, token);
        var behind = counting.TouchCount;
        await manager.Authenticator.FlushAsync(Token);

        Assert.That(early, Is.Zero, "Not before the interval is over.");
        Assert.That(behind, Is.Zero, "Not within a request.");
        Assert.That(counting.TouchCount, Is.EqualTo(1), "Each session once.");
        Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.LastSeenAt, Is.EqualTo(used).Within(Millisecond));
    }

    [Test]
    public async Task A_use_that_waits_or_is_being_written_stands_for_those_that_follow_within_the_interval()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(store: counting);
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(TimeSpan.FromMinutes(1));
        var used = Clock.UtcNow;
        await RequestAsync(manager, token);

        Clock.Advance(Millisecond);
        await RequestAsync(manager, token);
        counting.OnTouching = () => RequestAsync(manager, token);
        await manager.Authenticator.FlushAsync(Token);
        await manager.Authenticator.FlushAsync(Token);

        Assert.That(counting.TouchCount, Is.EqualTo(1));
        Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.LastSeenAt, Is.EqualTo(used).Within(TimeSpan.Zero));
    }

    [Test]
    public async Task A_use_that_waits_does_not_stand_for_one_that_is_an_interval_later()
    {
        var manager = NewManager(o => (o.IdleTimeout, o.RotateAfter) = (TimeSpan.FromSeconds(10), null));
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(TimeSpan.FromSeconds(1));
        await RequestAsync(manager, token);

        Clock.Advance(TimeSpan.FromSeconds(1));
        await RequestAsync(manager, token);
        await manager.Authenticator.FlushAsync(Token);

        Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.LastSeenAt, Is.EqualTo(Clock.UtcNow).Within(Millisecond));
    }

    [Test]
    public async Task A_use_whose_writing_fails_is_written_with_the_next_one()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(store: counting);
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;
        Clock.Advance(TimeSpan.FromMinutes(1));
        await RequestAsync(manager, token);
        counting.OnTouching = static () => throw new SessionStoreException("The store is away.");
        await manager.Authenticator.FlushAsync(Token);

        counting.OnTouching = null;
        await RequestAsync(manager, token);
        await manager.Authenticator.FlushAsync(Token);

        Assert.That(counting.TouchCount, Is.EqualTo(1));
    }

    [Test]
    public async Task What_waits_is_written_within_five_seconds_in_order_of_id()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(store: counting);
        var tokens = new List<SessionToken>();
        for (var i = 0; i < 20; i++)
        {
            tokens.Add((await manager.InitAsync($"user {i}", cancellationToken: Token)).Token);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var token in tokens)
        {
            await RequestAsync(manager, token);
        }

        Clock.Advance(TimeSpan.FromSeconds(5));
        await counting.FirstTouch.WaitAsync(Token);

        Assert.That(counting.LastBatch.Select(touch => touch.Id), Is.Ordered.And.EquivalentTo(tokens.Select(token => token.Id)));
    }

    [Test]
    public async Task A_session_in_constant_use_does_not_put_the_writing_off()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(o => o.TouchInterval = TimeSpan.FromSeconds(1), counting);
        var token = (await manager.InitAsync("ann", cancellationToken: Token)).Token;

        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromSeconds(6); elapsed += TimeSpan.FromSeconds(1.5))
        {
            Clock.Advance(TimeSpan.FromSeconds(1.5));
            await RequestAsync(manager, token);
        }

        await counting.FirstTouch.WaitAsync(Token);
        Assert.That(counting.LastBatch.Select(touch => touch.Id), Is.EqualTo([token.Id]));
    }

    [Test]
    public async Task Who_gives_up_waiting_for_the_writing_takes_nothing_from_the_others()
    {
        var counting = new TouchRecordingStore(Store);
        var manager = NewManager(store: counting);
        var tokens = new[]
        {
            (await manager.InitAsync("ann", cancellationToken: Token)).Token,
            (await manager.InitAsync("bob", cancellationToken: Token)).Token,
        };
        Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var token in tokens)
        {
            await RequestAsync(manager, token);
        }

        using var impatience = new CancellationTokenSource();
        var writing = new TaskCompletionSource();
        counting.OnTouching = () => writing.Task;
        var flushing = manager.Authenticator.FlushAsync(impatience.Token).AsTask();
        await impatience.CancelAsync();
        writing.SetResult();
        Assert.That(async () => await flushing, Throws.InstanceOf<OperationCanceledException>());
        await manager.Authenticator.FlushAsync(Token);

        foreach (var token in tokens)
        {
            Assert.That((await Store.FetchSessionAsync(token.Id, Token))!.LastSeenAt, Is.EqualTo(Clock.UtcNow).Within(Millisecond));
        }
    }
}
