using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sessions.Diagnostics;

/// <summary>Unhealthy when the store cannot be read, or its configuration cannot be trusted.</summary>
internal sealed class SessionHealthCheck(SessionComponents components) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await components.Store.PrepareAsync(cancellationToken).ConfigureAwait(false);

            // No session has this id: the call takes the whole way to the backend and back.
            await components.Store.FetchAsync(SessionId.Create(userKey: null), cancellationToken).ConfigureAwait(false);
            return components.HasLostFeed
                ? HealthCheckResult.Degraded(
                    $"The change feed is not connected since {components.Feed!.Status.Since:u}; sessions are read from the store with every request."
                )
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is SessionStoreException or SessionConfigurationException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
