using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.ChangeFeed;

/// <summary>A listener to the feed of one node, while another node writes and the test breaks what is between them.</summary>
internal sealed class FeedProbe : IDisposable
{
    // What a machine may be busy with beside.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(7);

    private readonly RecordingChangeListener _listener = new();
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private readonly ISessionChangeFeed _feed;
    private readonly IDisposable _subscription;

    private FeedProbe(ISessionChangeFeed feed)
    {
        _feed = feed;
        _subscription = feed.Subscribe(_listener);
    }

    /// <summary>The id of no session.</summary>
    public static SessionId UnknownId { get; } = new SampleSessions(TimeProvider.System, SeededRandom.Create()).NewId(null);

    public int Connections => _listener.Connections;

    public int Disconnections => _listener.Disconnections;

    public bool IsConnected => _feed.Status.IsConnected;

    /// <summary>Listens to the feed of a store, and proves that what <paramref name="writer"/> does arrives.</summary>
    public static async Task<FeedProbe> ConnectAsync(ISessionStore listening, ISessionStore writer)
    {
        var watched = new FeedProbe(listening.ChangeFeed!);
        await watched.AssertReconnectsAsync(writer, 1);
        return watched;
    }

    /// <summary>That the loss is noticed in time.</summary>
    public async Task AssertDisconnectsAsync(int times = 1)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(ChangeFeedBroker.HeartbeatTimeout + s_margin);
        await Assert.ThatAsync(() => _listener.WaitForDisconnectionsAsync(times, limit.Token), Throws.Nothing, "The loss was not noticed.");
    }

    /// <summary>That it connects by itself, for the given time in all, and then delivers.</summary>
    public async Task AssertReconnectsAsync(ISessionStore writer, int times)
    {
        await _listener.WaitForConnectionsAsync(times, Token);
        await AssertDeliversAsync(writer);
        Assert.That(_feed.Status.IsConnected);
    }

    public async Task AssertDeliversAsync(ISessionStore writer, string user = "ann")
    {
        var session = _samples.Create(user);
        await writer.CreateAsync(session, null, Token);
        await writer.DeleteAsync(session.Id, Token);
        await _listener.WaitForChangeAsync(session.Id, Token);
    }

    public void Dispose() => _subscription.Dispose();
}
