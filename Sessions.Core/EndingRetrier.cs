using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>
/// Ends the session of another user or visitor that a sign-in replaces. The sign-in stands, whether or not the store answers by then: an
/// ending that fails is tried again in the background until it succeeds.
/// </summary>
internal sealed class EndingRetrier(TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>How often an ending is tried again: for about half an hour.</summary>
    public const int MaxRetries = 35;

    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromMinutes(1);

    // Holds nothing that needs disposing, and the container may dispose twice.
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends a session. Does not fail with the store.</summary>
    /// <param name="newcomer">The session that the sign-in stored.</param>
    /// <param name="delete">Deletes the other, and may be called again.</param>
    /// <param name="raiseEnded">Raises the event of its end where a retry deletes it.</param>
    /// <returns>The session that was ended now; null: there was none, or the store failed.</returns>
    public async ValueTask<Session?> RunAsync(SessionId newcomer, Func<ValueTask<Session?>> delete, Func<Session, ValueTask> raiseEnded)
    {
        try
        {
            return await delete().ConfigureAwait(false);
        }
        catch (SessionStoreException e)
        {
            SessionLog.EndingFailed(log, newcomer, e);
            _ = RetryAsync(newcomer, delete, raiseEnded);
            return null;
        }
    }

    /// <summary>Tries nothing again from here on.</summary>
    public void Dispose() => _stopping.Cancel();

    private async Task RetryAsync(SessionId newcomer, Func<ValueTask<Session?>> delete, Func<Session, ValueTask> raiseEnded)
    {
        var delay = s_firstDelay;
        for (var retries = 0; retries < MaxRetries; retries++)
        {
            await Task.Delay(delay, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                break;
            }

            try
            {
                if (await delete().ConfigureAwait(false) is { } ended)
                {
                    await raiseEnded(ended).ConfigureAwait(false);
                }

                return;
            }
            catch (SessionStoreException)
            {
                // The outage is in the log already.
                delay = delay * 2 < s_maxDelay ? delay * 2 : s_maxDelay;
            }
        }

        SessionLog.EndingGivenUp(log, newcomer);
    }
}
