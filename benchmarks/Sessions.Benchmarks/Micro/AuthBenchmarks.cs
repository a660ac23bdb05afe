using BenchmarkDotNet.Attributes;

namespace Sessions.Bench.Micro;

/// <summary>The check that every request with a session pays.</summary>
public class AuthBenchmarks
{
    private SessionManager _manager = null!;
    private SessionToken[] _tokens = [];
    private int _next;

    public static IEnumerable<string> Stores => MicroFixture.StoresAndCaches;

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var subject = MicroFixture.Subject(Store);
        (_manager, _tokens) = (subject.App.Manager, subject.Tokens);
        // Fills a cache, and proves that what is measured is a yes.
        foreach (var token in _tokens)
        {
            if (!(await _manager.AuthAsync(token)).IsAccepted)
            {
                throw new InvalidOperationException("A live session was refused.");
            }
        }
    }

    [Benchmark]
    public ValueTask<SessionAuthResult> Auth()
    {
        _next = _next + 1 == _tokens.Length ? 0 : _next + 1;
        return _manager.AuthAsync(_tokens[_next]);
    }
}
