using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>Deletes what has expired, in every store whose backend does not do it by itself. Several nodes may sweep one backend.</summary>
internal sealed class SessionSweeper(
    SessionUpNames names,
    IServiceProvider services,
    IOptionsMonitor<SessionUpOptions> options,
    TimeProvider time,
    ILogger<SessionSweeper> log
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            from name in names
            let components = services.GetRequiredKeyedService<SessionManager>(name).Components
            select SweepAsync(name, components, options.Get(name), stoppingToken)
        );

    private async Task SweepAsync(string name, SessionComponents components, SessionUpOptions settings, CancellationToken stoppingToken)
    {
        var isSwept = true;
        while (isSwept && !stoppingToken.IsCancellationRequested)
        {
            // Jittered by a tenth, so that nodes which started together do not sweep together.
            var pause = settings.SweepInterval * (0.9 + (0.2 * Randomness.NextDouble()));
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                isSwept = await SweepOnceAsync(name, components, settings.SweepBatchSize, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A sweep that fails must not stop the host: the next one deletes the rest.
                SessionLog.SweepFailed(log, name, e);
            }
        }
    }

    /// <returns>False: the backend deletes what has expired by itself.</returns>
    private async ValueTask<bool> SweepOnceAsync(string name, SessionComponents components, int batch, CancellationToken stoppingToken)
    {
        var total = 0;
        IReadOnlyList<Session>? expired;
        do
        {
            expired = await components.Store.DeleteExpiredAsync(batch, stoppingToken).ConfigureAwait(false);
            if (expired is null)
            {
                return false;
            }

            await components.Events.RaiseEndedAsync(expired, SessionEndReason.Expired).ConfigureAwait(false);
            total += expired.Count;
        } while (expired.Count >= batch);

        SessionLog.Swept(log, name, total);
        return true;
    }
}
