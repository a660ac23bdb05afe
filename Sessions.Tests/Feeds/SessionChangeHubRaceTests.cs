using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Feeds;

[CancelAfter(120_000)]
public sealed class SessionChangeHubRaceTests
{
    private const int Rounds = 100;
    private const int Listeners = 8;

    private readonly SeededRandom _random = SeededRandom.Create();
    private int _connections;
    private int _mostConnections;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Listeners_that_come_and_go_on_a_connection_that_breaks_are_told_what_they_are_due_and_leave_nothing_open()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await RunAsync(1 + _random.Next(40));
        }
    }

    private async Task RunAsync(int beats)
    {
        var samples = new SampleSessions(TimeProvider.System, _random);
        var hub = SessionChangeHub.Over((hub, token) => ListenAsync(hub, beats, token), new HastyClock(), NullLogger.Instance);

        await Task.WhenAll(Enumerable.Range(0, Listeners).Select(_ => Task.Run(ComeAndGoAsync)));

        Assert.That((hub.HasListeners, hub.Status.IsConnected), Is.EqualTo((false, false)));
        await hub.DisposeAsync();
        Assert.That((_connections, _mostConnections), Is.EqualTo((0, 1)), "Connections that are open, and that were open at once.");

        async Task ComeAndGoAsync()
        {
            for (var i = 0; i < 5; i++)
            {
                var listener = new RecordingChangeListener();
                var change = new SessionChange(NewId(), SessionChangeKind.Ended);
                using (hub.Subscribe(listener))
                {
                    await listener.UntilConnectedAsync(1, Token);
                    hub.Tell(change);
                }

                hub.Tell(new(NewId(), SessionChangeKind.Ended));
                var told = listener.Changes;
                Assert.That(told, Does.Contain(change));
                hub.Tell(new(NewId(), SessionChangeKind.Changed));
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
    private async Task ListenAsync(SessionChangeHub hub, int beats, CancellationToken cancellationToken)
    {
        var open = Interlocked.Increment(ref _connections);
        _mostConnections = Math.Max(_mostConnections, open);
        try
        {
            hub.Connected();
            for (var i = 0; i < beats; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                hub.Beat();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Pauses between attempts are over at once; an attempt has all the time in the world.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime < SessionChangeHub.Silence ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}
