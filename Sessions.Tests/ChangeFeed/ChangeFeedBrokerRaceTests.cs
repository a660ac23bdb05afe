using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.ChangeFeed;

[CancelAfterEffort(120_000)]
public sealed class ChangeFeedBrokerRaceTests
{
    private const int Listeners = 8;

    private static int Rounds { get; } = TestEffort.Scale(100);

    private readonly SeededRandom _random = SeededRandom.Create();
    private int _connections;
    private int _mostConnections;

    [Test]
    public async Task Listeners_that_subscribe_and_unsubscribe_on_a_breaking_connection_are_called_correctly_and_leave_nothing_open()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await RunAsync(1 + _random.Next(40));
        }
    }

    private async Task RunAsync(int beats)
    {
        var samples = new SampleSessions(TimeProvider.System, _random);
        var hub = ChangeFeedBroker.Create((hub, token) => ListenAsync(hub, beats, token), new ImmediateClock(), NullLogger.Instance);

        await Task.WhenAll(Enumerable.Range(0, Listeners).Select(_ => Task.Run(SubscribeRepeatedlyAsync)));

        Assert.That((hub.HasListeners, hub.Status.IsConnected), Is.EqualTo((false, false)));
        await hub.DisposeAsync();
        Assert.That((_connections, _mostConnections), Is.EqualTo((0, 1)), "Connections that are open, and that were open at once.");

        async Task SubscribeRepeatedlyAsync()
        {
            for (var i = 0; i < 5; i++)
            {
                var listener = new RecordingChangeListener();
                var change = new SessionChange { Id = NewId(), Kind = SessionChangeKind.Ended };
                using (hub.Subscribe(listener))
                {
                    await listener.WaitForConnectionsAsync(1, Token);
                    hub.Publish(change);
                }

                hub.Publish(new() { Id = NewId(), Kind = SessionChangeKind.Ended });
                var told = listener.Changes;
                Assert.That(told, Does.Contain(change));
                hub.Publish(new() { Id = NewId(), Kind = SessionChangeKind.Changed });
                Assert.That(listener.Changes, Is.EqualTo(told), "Told after he had left.");
                Assert.That(listener.Disconnections, Is.LessThanOrEqualTo(listener.Connections));
            }
        }

        SessionId NewId()
        {
            lock (samples)
            {
                return samples.NewId("ann");
            }
        }
    }

    /// <summary>A connection that breaks after some beats.</summary>
    private async Task ListenAsync(ChangeFeedBroker hub, int beats, CancellationToken cancellationToken)
    {
        var open = Interlocked.Increment(ref _connections);
        _mostConnections = Math.Max(_mostConnections, open);
        try
        {
            hub.ReportConnected();
            for (var i = 0; i < beats; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                hub.ReportHeartbeat();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Pauses between attempts are over at once; an attempt has all the time in the world.</summary>
    private sealed class ImmediateClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(
                callback,
                state,
                dueTime < ChangeFeedBroker.HeartbeatTimeout ? TimeSpan.Zero : Timeout.InfiniteTimeSpan,
                period
            );
    }
}
