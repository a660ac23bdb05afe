using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>Everything that was measured.</summary>
internal sealed class LoadResults(IEnumerable<Contender> contenders)
{
    /// <summary>Requests with a session, at the number of connections under which servers are asked how much they can do.</summary>
    public Dictionary<string, Series> Many { get; } = NewSeries(contenders);

    /// <summary>The same on one connection: how long one request takes when nobody else is there.</summary>
    public Dictionary<string, Series> One { get; } = NewSeries(contenders);

    /// <summary>Sign-ins; beside each, the bare endpoint's plain requests.</summary>
    public Dictionary<string, Series> SignIns { get; } = NewSeries(contenders);

    /// <summary>Revocations a second in the round with the fewest; without end where there was none.</summary>
    public double MinRevocations { get; set; } = double.PositiveInfinity;

    /// <summary>Why a contender did not take part, by its name.</summary>
    public Dictionary<string, string> Absent { get; } = [];

    private static Dictionary<string, Series> NewSeries(IEnumerable<Contender> contenders) =>
        contenders.ToDictionary(static contender => contender.Name, static contender => new Series(contender));
}
