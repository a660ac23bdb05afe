using Microsoft.Extensions.Logging;

namespace Sessions.Stores;

/// <summary>
/// For authors of stores: a change feed for a backend that cannot push. The store writes each change to a log in the transaction that makes
/// it, and every node reads what is new there at an interval.
/// </summary>
public static class PollingChangeFeed
{
    /// <summary>A feed that reads a log of changes while it has listeners.</summary>
    /// <param name="read">
    /// Reads the changes behind a position; null: only the position of the latest one, at the beginning of a connection. Positions have to
    /// be in the order in which changes are committed: a change that gets a lower position than one that was read already is never
    /// delivered. An exception ends the connection; it is made again, with growing pauses, and listeners then assume that they missed
    /// something. The token is cancelled when the log was silent too long or the last listener has left.
    /// </param>
    /// <param name="interval">How often, and so how late a change may come: more than nothing, and at most
    /// <see cref="ChangeFeedBroker.HeartbeatInterval"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets a message when the feed connects and when it is lost.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is not within these bounds.</exception>
    public static ChangeFeedBroker Create(
        Func<long?, CancellationToken, ValueTask<PolledChanges>> read,
        TimeSpan interval,
        TimeProvider time,
        ILogger log
    )
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, ChangeFeedBroker.HeartbeatInterval);
        return ChangeFeedBroker.Create(
            (broker, cancellationToken) => PollAsync(broker, read, interval, time, cancellationToken),
            time,
            log
        );
    }

    private static async Task PollAsync(
        ChangeFeedBroker broker,
        Func<long?, CancellationToken, ValueTask<PolledChanges>> read,
        TimeSpan interval,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var timer = new PeriodicTimer(interval, time);
        // The position is read first: what is committed from here on is delivered.
        var position = (await read(null, cancellationToken).ConfigureAwait(false)).Position;
        broker.ReportConnected();
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var polled = await read(position, cancellationToken).ConfigureAwait(false);
            position = polled.Position;
            if (polled.HasGap)
            {
                // As after a new connection: what was missed is unknown, so listeners trust nothing that they read before.
                broker.ReportConnected();
            }

            foreach (var change in polled.Changes)
            {
                broker.Publish(change);
            }

            // After the changes: a proof of life says that everything until now was delivered.
            broker.ReportHeartbeat();
        }
    }
}

/// <summary>What a store reads from its log of changes.</summary>
public sealed record PolledChanges
{
    /// <summary>The position of the latest change that was read, or behind which to go on.</summary>
    public required long Position { get; init; }

    /// <summary>The changes, in any order; one that comes twice does no harm. Default: none.</summary>
    public IReadOnlyList<SessionChange> Changes { get; init; } = [];

    /// <summary>
    /// Whether changes behind the position were deleted from the log before they were read: then listeners are told that everything may
    /// have changed. Default: false.
    /// </summary>
    public bool HasGap { get; init; }
}
