using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Sessions.Diagnostics;

/// <summary>The meter <c>Sessions</c>. Every measurement carries the name of the sessions as <c>sessions.name</c>.</summary>
internal sealed class SessionMetrics
{
    public const string MeterName = "Sessions";

    private readonly Counter<long> _created;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _authResults;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _lookups;
    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _name;

    public SessionMetrics(IMeterFactory meters, string name)
    {
        // The factory hands out one meter of that name to all managers, and disposes it.
        _meter = meters.Create(MeterName);
        _name = KeyValuePair.Create("sessions.name", (object?)name);
        _created = _meter.CreateCounter<long>("sessions.created", "{session}", "Sessions that began.");
        _ended = _meter.CreateCounter<long>(
            "sessions.ended",
            "{session}",
            "Sessions that were ended before their time, by sessions.reason."
        );
        _authResults = _meter.CreateCounter<long>("sessions.auth.results", "{result}", "Tokens that were checked, by sessions.outcome.");
        _failures = _meter.CreateCounter<long>(
            "sessions.store.failures",
            "{failure}",
            "Calls of the store that failed, by sessions.operation."
        );
        _lookups = _meter.CreateCounter<long>(
            "sessions.cache.lookups",
            "{lookup}",
            "Checks with a cache, by sessions.outcome: hit or miss."
        );
    }

    /// <summary>Watches a cache, and the feed that it listens to if there is one.</summary>
    public void ObserveCache(SessionCache cache, ISessionChangeFeed? feed)
    {
        _meter.CreateObservableUpDownCounter(
            "sessions.cache.sessions",
            () => new Measurement<int>(cache.Count, _name),
            "{session}",
            "Sessions in the cache of this process."
        );

        // Without a cache the feed is connected only at times, and 0 would be a false alarm.
        if (feed is not null)
        {
            _meter.CreateObservableGauge(
                "sessions.feed.connected",
                () => new Measurement<int>(feed.Status.IsConnected ? 1 : 0, _name),
                description: "1 while the change feed is connected, else 0."
            );
        }
    }

    public void RecordCacheLookup(bool isHit)
    {
        if (_lookups.Enabled)
        {
            _lookups.Add(1, _name, KeyValuePair.Create("sessions.outcome", (object?)(isHit ? "hit" : "miss")));
        }
    }

    public void RecordCreated() => _created.Add(1, _name);

    public void RecordEnded(SessionEndReason reason)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, _name, KeyValuePair.Create("sessions.reason", (object?)MetricNames.Format(reason)));
        }
    }

    public void RecordAuthResult(SessionRejection rejection)
    {
        if (_authResults.Enabled)
        {
            _authResults.Add(
                1,
                _name,
                KeyValuePair.Create(
                    "sessions.outcome",
                    (object?)(rejection == SessionRejection.None ? "accepted" : MetricNames.Format(rejection))
                )
            );
        }
    }

    public void RecordStoreFailure(string operation) =>
        _failures.Add(1, _name, KeyValuePair.Create("sessions.operation", (object?)operation));
}

/// <summary>The values of an enum as OpenTelemetry writes attribute values: snake case, made once.</summary>
internal static class MetricNames
{
    public static string Format<T>(T value)
        where T : struct, Enum => Table<T>.Names[value];

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>()
            .ToDictionary(static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
