using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>Connects a feed, and again whenever that fails, until it is stopped.</summary>
internal sealed class FeedReconnectLoop : IAsyncDisposable
{
    // How long an attempt may take until it delivers.
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_minDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(5);

    private readonly ChangeFeedBroker _broker;
    private readonly Func<ChangeFeedBroker, CancellationToken, Task> _listen;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private CancellationTokenSource? _attempt;
    private bool _hasReceived;

    public FeedReconnectLoop(
        ChangeFeedBroker broker,
        Func<ChangeFeedBroker, CancellationToken, Task> listen,
        Task previousLoop,
        TimeProvider time,
        ILogger log
    )
    {
        (_broker, _listen, _time, _log) = (broker, listen, time, log);
        _running = Task.Run(() => RunAsync(previousLoop));
    }

    /// <summary>Whether there is an attempt, and it has not been given up. Called under the lock of the hub.</summary>
    public bool HasActiveAttempt => _attempt is { IsCancellationRequested: false };

    /// <summary>The connection is alive. Called under the lock of the hub.</summary>
    public void RecordSignal()
    {
        _hasReceived = true;
        _attempt?.CancelAfter(ChangeFeedBroker.HeartbeatTimeout);
    }

    /// <summary>Hangs up, and waits until it is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(Task previousLoop)
    {
        await previousLoop.ConfigureAwait(false);
        for (var failures = 0; !_stopping.IsCancellationRequested; failures++)
        {
            var cause = await RunAttemptAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (_hasReceived || failures == 0)
            {
                SessionLog.FeedLost(_log, cause);
                failures = 0;
            }

            var pause = s_minDelay * Math.Pow(2, Math.Min(failures, 10));
            pause = pause < s_maxDelay ? pause : s_maxDelay;

            // Jittered, so that nodes which lost one server do not come back to it together.
            await Task.Delay(pause * (0.5 + Randomness.NextDouble()), _time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Exception?> RunAttemptAsync()
    {
        using var attempt = new CancellationTokenSource(s_attemptTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, _stopping.Token);
        // Registered after the link, and so called before it: a driver may be slow to cancel, and listeners must not wait for that.
        using var silent = attempt.Token.UnsafeRegister(static hub => ((ChangeFeedBroker)hub!).ReportDisconnected(), _broker);
        _broker.RunLocked(() => (_attempt, _hasReceived) = (attempt, false));
        try
        {
            await _listen(_broker, either.Token).ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // Every failure is logged, and the connection is tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return attempt.IsCancellationRequested
                ? new TimeoutException("Nothing came back any more, or nothing from the beginning.", e)
                : e;
        }
        finally
        {
            _broker.RunLocked(() => _attempt = null);
            _broker.ReportDisconnected();
        }
    }
}
