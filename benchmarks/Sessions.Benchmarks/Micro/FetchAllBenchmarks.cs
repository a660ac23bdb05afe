using BenchmarkDotNet.Attributes;

namespace Sessions.Bench.Micro;

/// <summary>The list of a user's devices.</summary>
public class FetchAllBenchmarks
{
    private SessionManager _manager = null!;
    private Session _current = null!;

    public static IEnumerable<string> Stores => MicroFixture.Stores;

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    [Params(10, 1_000)]
    public int Sessions { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var subject = MicroFixture.Subject(Store);
        (_manager, _current) = (subject.App.Manager, Sessions == 10 ? subject.OneOfTen : subject.OneOfThousand);
    }

    [Benchmark(Description = "FetchAll")]
    public ValueTask<IReadOnlyList<ListedSession>> FetchAll() => _manager.FetchAllAsync(_current);
}
