using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>One contender under one load, round by round.</summary>
internal sealed class Series(Contender contender)
{
    private readonly List<PairedSample> _turns = [];

    public Contender Contender { get; } = contender;

    public bool IsEmpty => _turns.Count == 0;

    public void Add(PairedSample turn) => _turns.Add(turn);

    /// <summary>The median of what was measured in each round.</summary>
    public double Median(Func<Sample, double> measure) => Median(_turns.Select(turn => measure(turn.Own)));

    public (double Least, double Most) Range(Func<Sample, double> measure) =>
        (_turns.Min(turn => measure(turn.Own)), _turns.Max(turn => measure(turn.Own)));

    /// <summary>The median of the ratios to the bare endpoint beside it.</summary>
    public double RatioToBare(Func<Sample, double> measure) => Median(_turns.Select(turn => Relative(turn, measure)));

    /// <summary>The median of the differences to the bare endpoint beside it.</summary>
    public double DifferenceToBare(Func<Sample, double> measure) => Median(_turns.Select(turn => measure(turn.Own) - measure(turn.Bare)));

    /// <summary>
    /// The median of the ratios to another contender in the same round, each of the two measured by the bare endpoint beside it: whatever
    /// the machine's speed then was.
    /// </summary>
    public double Ratio(Series other, Func<Sample, double> measure) =>
        Median(_turns.Zip(other._turns, (mine, theirs) => Relative(mine, measure) / Relative(theirs, measure)));

    private static double Relative(PairedSample turn, Func<Sample, double> measure) => measure(turn.Own) / measure(turn.Bare);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
