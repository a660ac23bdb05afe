using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Caching;

/// <summary>Sessions named "admin" as whoever runs the application sees them: log, metrics, health.</summary>
internal sealed class ObservedCache : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _measured = [];
    private readonly Recorder _log = new();

    public ObservedCache(bool hasFeed, bool hasCache = true)
    {
        Clock = new ManualTimeProvider();
        Store = FailingSessionStore.Around(new StoreWithoutFeed(new MemorySessionStore(time: Clock)));
        Feed = new StoreWithFeed(Store, new FeedClock(Clock));
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

    public StoreWithFeed Feed { get; }

    public SessionManager Manager => _services.GetRequiredKeyedService<SessionManager>("admin");

    /// <summary>What was logged of the cache, by the name of the event.</summary>
    public IReadOnlyList<string> Messages(string eventName) => _log.Messages(eventName);

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
    public long? Measured(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _measured.TryGetValue(instrument, out var value) ? value : null;
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
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _measured[Key(instrument, tags)] = value);
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) => _measured[Key(instrument, tags)] = value + _measured.GetValueOrDefault(Key(instrument, tags))
        );
        _listener.Start();
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = tags.ToArray().ToDictionary();
        return $"{instrument.Name} {named["sessions.name"]} {named.GetValueOrDefault("sessions.outcome")}".TrimEnd();
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        private readonly List<(string? Event, string Message)> _entries = [];

        public IReadOnlyList<string> Messages(string eventName) =>
            [.. _entries.Where(entry => entry.Event == eventName).Select(entry => entry.Message)];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _entries.Add((eventId.Name, formatter(state, exception)));

        public void Dispose() { }
    }
}
