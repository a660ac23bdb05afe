using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>Before the host listens: every name has a store that hides nothing of another, and every store is prepared.</summary>
internal sealed class SessionStoreStartup(
    SessionUpNames names,
    IServiceProvider services,
    IServiceProviderIsKeyedService registered,
    IOptionsMonitor<SessionUpOptions> options,
    ILogger<SessionStoreStartup> log
) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            if (!registered.IsKeyedService(typeof(ISessionStore), name))
            {
                throw new SessionConfigurationException(
                    $"The {(name.Length == 0 ? "default sessions" : $"sessions named \"{name}\"")} have no store. Call a Use method (UseMemory, UseSqlite, ...) on what AddSessionUp returns."
                );
            }

            var settings = options.Get(name);
            foreach (var warning in settings.Assurance?.GetWarnings(settings) ?? [])
            {
                SessionLog.OptionsWarning(log, warning);
            }

            SessionStoreDecoratorValidator.ThrowIfMemberHidden(services.GetRequiredKeyedService<ISessionStore>(name));

            // Made now and not with the first request: a cache begins to listen to the feed of its store.
            var components = services.GetRequiredKeyedService<SessionManager>(name).Components;
            if (components.HasCacheWithoutFeed)
            {
                SessionLog.CacheWithoutFeed(log, name, settings.Cache!.MaxStaleness);
            }

            await PrepareAsync(components.Store, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask PrepareAsync(ISessionStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException)
        {
            // InstrumentedSessionStore has logged it. An application that starts while its database is down serves what needs no session,
            // and recovers by itself.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
