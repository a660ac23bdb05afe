using BenchmarkDotNet.Attributes;
using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>Signing out all other devices; each time anew, since then they are gone.</summary>
public class RevokeOtherBenchmarks
{
    private SessionManager _manager = null!;
    private Session _current = null!;

    public static IEnumerable<string> Stores => MicroFixture.Stores;

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    [Params(10, 1_000)]
    public int Sessions { get; set; }

    [GlobalSetup]
    public void SetUp() => _manager = MicroFixture.Subject(Store).App.Manager;

    // BenchmarkDotNet does not await this one.
    [IterationSetup]
    public void LogIn() =>
        _current = SessionSeeder.CreateAsync(_manager, Sessions, Sessions, "revoking-").GetAwaiter().GetResult()[0].Session;

    [Benchmark(Description = "RevokeOther")]
    public ValueTask<int?> RevokeOther() => _manager.RevokeOtherAsync(_current);

    [IterationCleanup]
    public void LogOut() => _manager.RevokeAllAsync(_current).AsTask().GetAwaiter().GetResult();
}
