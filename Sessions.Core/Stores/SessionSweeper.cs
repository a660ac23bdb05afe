using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>Deletes what has expired, in every store that does not do it by itself. Several nodes may sweep one backend.</summary>
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
            let store = services.GetRequiredKeyedService<ISessionStore>(name) as ISweepableSessionStore
            where store is not null
            let events = services.GetRequiredKeyedService<SessionManager>(name).Components.Events
            select SweepAsync(name, store, events, options.Get(name), stoppingToken)
        );

    private async Task SweepAsync(
        string name,
        ISweepableSessionStore store,
        SessionEventDispatcher events,
        SessionUpOptions options,
        CancellationToken stoppingToken
    )
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Jittered by a tenth, so that nodes which started together do not sweep together.
            var pause = options.SweepInterval * (0.9 + (0.2 * Randomness.NextDouble()));
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await SweepOnceAsync(name, store, events, options.SweepBatchSize, stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is: a host that stops because it could not tidy up would be the worse failure.
                SessionLog.SweepFailed(log, name, e);
            }
        }
    }

    private async ValueTask SweepOnceAsync(
        string name,
        ISweepableSessionStore store,
        SessionEventDispatcher events,
        int batch,
        CancellationToken stoppingToken
    )
    {
        var total = 0;
        IReadOnlyList<Session> expired;
        do
        {
            expired = await store.DeleteExpiredAsync(batch, stoppingToken).ConfigureAwait(false);
            await events.RaiseEndedAsync(expired, SessionEndReason.Expired).ConfigureAwait(false);
            total += expired.Count;
        } while (expired.Count >= batch);

        SessionLog.Swept(log, name, total);
    }
}
