using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sessions.Diagnostics;

/// <summary>The meter <c>Sessions</c>. Every measurement carries the name of the sessions as <c>sessions.name</c>.</summary>
internal sealed class SessionMetrics
{
    public const string MeterName = "Sessions";

    private readonly Counter<long> _created;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _failures;
    private readonly KeyValuePair<string, object?> _name;

    public SessionMetrics(IMeterFactory meters, string name)
    {
        // The factory hands out one meter of that name to all managers, and disposes it.
        var meter = meters.Create(MeterName);
        _name = KeyValuePair.Create("sessions.name", (object?)name);
        _created = meter.CreateCounter<long>("sessions.created", "{session}", "Sessions that began.");
        _ended = meter.CreateCounter<long>(
            "sessions.ended",
            "{session}",
            "Sessions that were ended before their time, by sessions.reason."
        );
        _verdicts = meter.CreateCounter<long>("sessions.verdicts", "{verdict}", "Tokens that were checked, by sessions.outcome.");
        _failures = meter.CreateCounter<long>("sessions.store.failures", "{failure}", "Checks that the store could not answer.");
    }

    public void Created() => _created.Add(1, _name);

    public void Ended(int count, string reason)
    {
        if (count > 0)
        {
            _ended.Add(count, _name, KeyValuePair.Create("sessions.reason", (object?)reason));
        }
    }

    public void Judged(SessionRejection rejection)
    {
        if (_verdicts.Enabled)
        {
            _verdicts.Add(1, _name, KeyValuePair.Create("sessions.outcome", (object?)Outcome(rejection)));
        }
    }

    public void StoreFailed() => _failures.Add(1, _name);

    private static string Outcome(SessionRejection rejection) =>
        rejection switch
        {
            SessionRejection.None => "accepted",
            SessionRejection.Unknown => "unknown",
            SessionRejection.Expired => "expired",
            SessionRejection.WrongSecret => "wrong_secret",
            SessionRejection.Ended => "ended",
            _ => throw new UnreachableException(),
        };
}
