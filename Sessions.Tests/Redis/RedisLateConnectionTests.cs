using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[CancelAfter(120_000)]
[Parallelizable]
public sealed class RedisLateConnectionTests
{
    [Test]
    public async Task A_second_connection_that_comes_late_is_waited_for_and_not_tried_again_after_a_pause()
    {
        await using var server = await RedisProcess.StartAsync();
        await using var proxy = RedisProxy.Start(server.Port);
        proxy.HoldSecondConnection();
        // With the protocol that the driver chooses: 2.x has no second connection when it is told to speak RESP3.
        using var connection = await ConnectionMultiplexer.ConnectAsync(proxy.Endpoint);
        // Its clock stands still, so that a pause would never end.
        var time = new ManualTimeProvider();
        await using var hub = ChangeFeedBroker.Create(
            (hub, cancellationToken) =>
            {
                var listening = new RedisChangeFeed(connection, new(RedisTestPrefix.Next()), hub, time).ListenAsync(cancellationToken);
                proxy.ReleaseResponses();
                return listening;
            },
            time,
            NullLogger.Instance
        );
        var listener = new RecordingChangeListener();

        using var subscription = hub.Subscribe(listener);

        await listener.WaitForConnectionsAsync(1, Token);
    }
}
