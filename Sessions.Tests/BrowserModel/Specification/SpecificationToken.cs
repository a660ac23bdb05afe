using System.Globalization;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>A token of the specification: the parts of a real one, readable, without cryptography.</summary>
internal sealed record SpecificationToken(string Session, string Lineage, int Generation, string Secret)
{
    public static SpecificationToken Create(string session, SeededRandom random) =>
        new(session, Text(random.NextUInt64()), 0, Text(random.NextUInt64()));

    /// <summary>The secret that follows another one.</summary>
    public static string Derive(string salt, string secret) => Text(Hash(salt + secret));

    /// <summary>Reads a token; null, if it is none: its last part checks the others.</summary>
    public static SpecificationToken? Parse(string? text) =>
        text?.Split('.') is [var session, var lineage, var number, var secret, _]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        && new SpecificationToken(session, lineage, generation, secret) is var token
        && token.Reveal() == text
            ? token
            : null;

    /// <summary>The same without the check: what a damaged token would be if nothing found the damage.</summary>
    public static SpecificationToken? ParseUnchecked(string? text) =>
        text?.Split('.') is [var session, var lineage, var number, var secret, _]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new(session, lineage, generation, secret)
            : null;

    public string Reveal()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Session}.{Lineage}.{Generation}.{Secret}");
        return $"{text}.{Text(Hash(text))[..4]}";
    }

    public SpecificationToken Next(RotationRecord record) => this with { Generation = record.Generation, Secret = record.Current };

    // FNV-1a, 64 bits: equal for equal texts in every run, and mixed once more so that similar texts end differently.
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211;
        }

        return new SeededRandom(hash).NextUInt64();
    }

    private static string Text(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);
}
