using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Servers;

namespace Sessions.Tests.ChangeFeed;

/// <summary>Whatever happens to the connection of a feed is noticed, and the feed comes back by itself.</summary>
[CancelAfter(120_000)]
internal abstract class FeedFaultTests<TBackend>
    where TBackend : FaultBackend, new()
{
    protected TBackend Backend { get; private set; } = null!;

    /// <summary>A store that goes through the proxy.</summary>
    protected ISessionStore Listening { get; private set; } = null!;

    protected ISessionStore Writing { get; private set; } = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Backend = new TBackend();
        await Backend.StartAsync();
        (Listening, Writing) = (Backend.CreateStore(throughProxy: true), Backend.CreateStore());
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var store in (ISessionStore?[])[Listening, Writing])
        {
            if (store is not null)
            {
                await ((IAsyncDisposable)store).DisposeAsync();
            }
        }

        await Backend.DisposeAsync();
    }

    [Test]
    public async Task A_listening_connection_that_is_closed_is_noticed_and_made_again()
    {
        using var feed = await ConnectAsync();

        await Backend.CloseListenersAsync();

        await feed.AssertDisconnectsAsync();
        await AssertReconnectsAsync(feed);
    }

    [Test]
    public async Task A_server_that_is_killed_is_noticed_and_listened_to_when_it_is_back()
    {
        using var feed = await ConnectAsync();

        await Backend.KillAsync();
        await feed.AssertDisconnectsAsync();
        Assert.That(feed.IsConnected, Is.False);
        await Backend.RestartAsync();

        await AssertReconnectsAsync(feed);
    }

    [Test]
    public async Task A_server_that_is_paused_counts_as_lost_until_it_goes_on()
    {
        using var feed = await ConnectAsync();

        await using (await Backend.PauseAsync())
        {
            await feed.AssertDisconnectsAsync();
            Assert.That(feed.IsConnected, Is.False);
        }

        await feed.AssertReconnectsAsync(Writing, 2);
    }

    [Test]
    public async Task A_connection_that_is_half_open_counts_as_lost_until_it_is_whole_or_another_is_made()
    {
        using var feed = await ConnectAsync();

        await Backend.DropResponsesAsync();
        await feed.AssertDisconnectsAsync();
        // A driver that connects on demand makes another connection by itself.
        if (!Backend.ConnectsOnDemand)
        {
            Assert.That(feed.IsConnected, Is.False);
            Backend.RestoreResponses();
        }

        await feed.AssertReconnectsAsync(Writing, 2);
    }

    protected Task<FeedProbe> ConnectAsync() => FeedProbe.ConnectAsync(Listening, Writing);

    private async Task AssertReconnectsAsync(FeedProbe feed)
    {
        await Backend.RecoverAsync(Writing, FeedProbe.UnknownId, Token);
        await feed.AssertReconnectsAsync(Writing, 2);
    }
}
