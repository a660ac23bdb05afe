using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sessions.Memory;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Caching;

/// <summary>Sessions named "admin" as whoever runs the application sees them: log, metrics, health.</summary>
internal sealed class CacheDiagnosticsFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _measurements = [];
    private readonly RecordingLoggerProvider _log = new();

    public CacheDiagnosticsFixture(bool hasFeed, bool hasCache = true)
    {
        Clock = new ManualTimeProvider();
        Store = new FailingSessionStore(new PlainStore(new MemorySessionStore(time: Clock)));
        Feed = new ManualFeedStore(Store, ManualFeedStore.CreateClock(Clock));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.AddProvider(_log));
        services.AddHealthChecks().AddSessionUp("admin");
        var builder = services.AddSessionUp("admin").UseStore(_ => hasFeed ? Feed : Store);
        if (hasCache)
        {
            builder.UseCache();
        }

        _services = services.BuildServiceProvider();
        Listen();
    }

    public ManualTimeProvider Clock { get; }

    public FailingSessionStore Store { get; }

    public ManualFeedStore Feed { get; }

    public SessionManager Manager => _services.GetRequiredKeyedService<SessionManager>("admin");

    public SessionAdministration Administration => _services.GetRequiredKeyedService<SessionAdministration>("admin");

    /// <summary>What was logged of the cache, by the name of the event.</summary>
    public IReadOnlyList<string> GetMessages(string eventName) =>
        [.. _log.Entries.Where(entry => entry.Event == eventName).Select(static entry => entry.Message)];

    /// <summary>What the host does before it listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(cancellationToken);
        }
    }

    public async Task<HealthReportEntry> CheckHealthAsync(CancellationToken cancellationToken) =>
        (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken)).Entries["sessions-admin"];

    /// <summary>What was measured, by instrument and outcome; null: nothing.</summary>
    public long? GetMeasurement(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _measurements.TryGetValue(instrument, out var value) ? value : null;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private void Listen()
    {
        // Other tests have meters of the same name, from factories of their own.
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Sessions" && instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _measurements[Key(instrument, tags)] = value);
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
                _measurements[Key(instrument, tags)] = value + _measurements.GetValueOrDefault(Key(instrument, tags))
        );
        _listener.Start();
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = tags.ToArray().ToDictionary();
        return $"{instrument.Name} {named["sessions.name"]} {named.GetValueOrDefault("sessions.outcome")}".TrimEnd();
    }
}
