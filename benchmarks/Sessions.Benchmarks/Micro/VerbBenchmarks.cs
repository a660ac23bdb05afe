using System.Globalization;
using BenchmarkDotNet.Attributes;
using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>Signing in, and changing a value.</summary>
public class VerbBenchmarks
{
    private MicroSubject _subject = null!;
    private int _next;

    public static IEnumerable<string> Stores => MicroFixture.Stores;

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => _subject = MicroFixture.Subject(Store);

    [Benchmark]
    public ValueTask<IssuedSession> Init()
    {
        var number = _next++;
        var init = new SessionInit { Client = SessionSeeder.Client(number) };
        return _subject.App.Manager.InitAsync($"init-{number.ToString(CultureInfo.InvariantCulture)}", init);
    }

    [Benchmark(Description = "Change a value")]
    public ValueTask<SessionUpdate> ChangeValue()
    {
        var number = _next++;
        var patch = ValuesPatch.Empty.Set("theme", number % 2 == 0 ? "dark" : "light");
        return _subject.App.Manager.UpdateValuesAsync(_subject.Tokens[number % _subject.Tokens.Length].Id, patch);
    }
}
