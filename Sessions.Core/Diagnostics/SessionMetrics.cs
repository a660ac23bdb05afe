using System.Diagnostics.Metrics;
using Sessions.Events;

namespace Sessions.Diagnostics;

/// <summary>The meter <c>Sessions</c>. Every measurement carries the name of the sessions as <c>sessions.name</c>.</summary>
internal sealed class SessionMetrics
{
    public const string MeterName = "Sessions";

    private readonly Counter<long> _created;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _verdicts;
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
        _verdicts = _meter.CreateCounter<long>("sessions.verdicts", "{verdict}", "Tokens that were checked, by sessions.outcome.");
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
    public void Observe(SessionCache cache, ISessionChangeFeed? feed)
    {
        _meter.CreateObservableUpDownCounter(
            "sessions.cache.sessions",
            () => new Measurement<int>(cache.Count, _name),
            "{session}",
            "Sessions that are remembered in process."
        );

        // Without a cache it is connected only now and then, and 0 would alarm people for nothing.
        if (feed is not null)
        {
            _meter.CreateObservableGauge(
                "sessions.feed.connected",
                () => new Measurement<int>(feed.FeedStatus.IsConnected ? 1 : 0, _name),
                description: "1 while changes by other nodes are heard of, else 0."
            );
        }
    }

    public void LookedUp(bool remembered)
    {
        if (_lookups.Enabled)
        {
            _lookups.Add(1, _name, KeyValuePair.Create("sessions.outcome", (object?)(remembered ? "hit" : "miss")));
        }
    }

    public void Created() => _created.Add(1, _name);

    public void Ended(SessionEndReason reason)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, _name, KeyValuePair.Create("sessions.reason", (object?)MetricNames.Of(reason)));
        }
    }

    public void Judged(SessionRejection rejection)
    {
        if (_verdicts.Enabled)
        {
            _verdicts.Add(
                1,
                _name,
                KeyValuePair.Create(
                    "sessions.outcome",
                    (object?)(rejection == SessionRejection.None ? "accepted" : MetricNames.Of(rejection))
                )
            );
        }
    }

    public void StoreFailed(string operation) => _failures.Add(1, _name, KeyValuePair.Create("sessions.operation", (object?)operation));
}
