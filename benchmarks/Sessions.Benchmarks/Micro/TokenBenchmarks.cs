using BenchmarkDotNet.Attributes;

namespace Sessions.Bench.Micro;

/// <summary>What every request pays before any store is asked.</summary>
public class TokenBenchmarks
{
    private readonly string _text = "Abc0123456789_-ABCDEFGHIabcdefghijklmnopqrstuvwxyz012345";

    private readonly byte[] _secret = "defghijklmnopqrstuvwxyz012345678"u8.ToArray();

    [Benchmark(Description = "Parse a token")]
    public SessionToken Parse() => SessionToken.TryParse(_text, out var token) ? token : throw new FormatException("Not a token.");

    [Benchmark(Description = "Hash a secret")]
    public Sha256Hash Hash() => Sha256Hash.Compute(_secret);
}
