using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>Connects a feed, and again whenever that fails, until it is stopped.</summary>
internal sealed class SessionFeedLoop : IAsyncDisposable
{
    // How long an attempt may take until it delivers.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private readonly SessionChangeHub _hub;
    private readonly Func<SessionChangeHub, CancellationToken, Task> _listen;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private CancellationTokenSource? _attempt;
    private bool _delivered;

    public SessionFeedLoop(
        SessionChangeHub hub,
        Func<SessionChangeHub, CancellationToken, Task> listen,
        Task before,
        TimeProvider time,
        ILogger log
    )
    {
        (_hub, _listen, _time, _log) = (hub, listen, time, log);
        _running = Task.Run(() => RunAsync(before));
    }

    /// <summary>Whether there is an attempt, and it has not been given up. Called under the lock of the hub.</summary>
    public bool IsTrying => _attempt is { IsCancellationRequested: false };

    /// <summary>The connection is alive. Called under the lock of the hub.</summary>
    public void Heard()
    {
        _delivered = true;
        _attempt?.CancelAfter(SessionChangeHub.Silence);
    }

    /// <summary>Hangs up, and waits until it is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync(Task before)
    {
        await before.ConfigureAwait(false);
        for (var failures = 0; !_stopping.IsCancellationRequested; failures++)
        {
            var cause = await TryAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (_delivered || failures == 0)
            {
                SessionLog.FeedLost(_log, cause);
                failures = 0;
            }

            var pause = s_shortestPause * Math.Pow(2, Math.Min(failures, 10));
            pause = pause < s_longestPause ? pause : s_longestPause;

            // Jittered, so that nodes which lost one server do not come back to it together.
            await Task.Delay(pause * (0.5 + Randomness.NextDouble()), _time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Exception?> TryAsync()
    {
        using var attempt = new CancellationTokenSource(s_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, _stopping.Token);
        // Registered after the link, and so called before it: a driver may take its time over a cancellation, and listeners are not to wait for that.
        using var silent = attempt.Token.UnsafeRegister(static hub => ((SessionChangeHub)hub!).Lost(), _hub);
        _hub.Locked(() => (_attempt, _delivered) = (attempt, false));
        try
        {
            await _listen(_hub, either.Token).ConfigureAwait(false);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is: it is logged, and tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return attempt.IsCancellationRequested
                ? new TimeoutException("Nothing came back any more, or nothing from the beginning.", e)
                : e;
        }
        finally
        {
            _hub.Locked(() => _attempt = null);
            _hub.Lost();
        }
    }
}
