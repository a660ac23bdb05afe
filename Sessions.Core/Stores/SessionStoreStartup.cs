using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions.Stores;

/// <summary>
/// Before the host listens: every name has a store that hides nothing of another, and every store is prepared. After the last request: what
/// waits to be written is written.
/// </summary>
internal sealed class SessionStoreStartup(
    SessionUpNames names,
    IServiceProvider services,
    IServiceProviderIsKeyedService registered,
    IOptionsMonitor<SessionUpOptions> options,
    TimeProvider time,
    ILogger<SessionStoreStartup> log
) : IHostedLifecycleService
{
    /// <summary>For how long stores that do not answer hold up the start of the host, all together.</summary>
    internal static readonly TimeSpan ReachPatience = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var all = new List<SessionComponents>();
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

            all.Add(components);
        }

        using var patience = new CancellationTokenSource(ReachPatience, time);
        using var reaching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await Task.WhenAll(all.Select(components => PrepareAsync(components, reaching.Token, cancellationToken))).ConfigureAwait(false);
    }

    private static async Task PrepareAsync(SessionComponents components, CancellationToken reaching, CancellationToken cancellationToken)
    {
        try
        {
            await components.Store.PrepareAsync(reaching).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException)
        {
            // InstrumentedSessionStore has logged it. An application that starts while its database is down serves what needs no session,
            // and recovers by itself.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            components.Availability.RecordUnreached();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(names.Select(name => services.GetRequiredKeyedService<SessionManager>(name).Components.StopAsync(cancellationToken)));
}
