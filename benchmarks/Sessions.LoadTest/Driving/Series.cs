using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>One contender under one load, round by round.</summary>
internal sealed class Series(Contender contender)
{
    private readonly List<Sample> _rounds = [];

    public Contender Contender { get; } = contender;

    public bool IsEmpty => _rounds.Count == 0;

    public void Add(Sample sample) => _rounds.Add(sample);

    /// <summary>The median of what was measured in each round.</summary>
    public double Median(Func<Sample, double> measure) => Median(_rounds.Select(measure));

    public (double Least, double Most) Range(Func<Sample, double> measure) => (_rounds.Min(measure), _rounds.Max(measure));

    /// <summary>The median of the ratios to another contender, each of one and the same round: what slows the machine down slows both.</summary>
    public double Ratio(Series other, Func<Sample, double> measure) =>
        Median(_rounds.Zip(other._rounds, (mine, theirs) => measure(mine) / measure(theirs)));

    /// <summary>The median of the differences to another contender, each of one and the same round.</summary>
    public double Difference(Series other, Func<Sample, double> measure) =>
        Median(_rounds.Zip(other._rounds, (mine, theirs) => measure(mine) - measure(theirs)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
