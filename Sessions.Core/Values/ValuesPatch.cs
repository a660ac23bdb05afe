using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Sessions;

/// <summary>
/// A change of a session's values, key by key: two patches that change different keys at once both win. Immutable; each method returns a
/// new patch, and what is said of a key last counts.
/// </summary>
public sealed class ValuesPatch
{
    private readonly ImmutableSortedDictionary<string, string?> _changes;
    private readonly ImmutableSortedDictionary<string, string?> _expected;

    private ValuesPatch(ImmutableSortedDictionary<string, string?> changes, ImmutableSortedDictionary<string, string?> expected)
    {
        (_changes, _expected) = (changes, expected);
    }

    /// <summary>Changes nothing and expects nothing.</summary>
    public static ValuesPatch Empty { get; } =
        new(
            ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal)
        );

    /// <summary>The keys to change, in ordinal order; null removes the key.</summary>
    public IReadOnlyDictionary<string, string?> Changes => _changes;

    /// <summary>What must still be so, or nothing is changed: the value of a key; null: the key is absent.</summary>
    public IReadOnlyDictionary<string, string?> Expected => _expected;

    /// <summary>Whether a key is set; a patch that only removes is never too large.</summary>
    internal bool HasSets => _changes.Values.Any(static value => value is not null);

    /// <summary>Sets a key.</summary>
    /// <exception cref="ArgumentException">A text is not well-formed or holds U+0000.</exception>
    public ValuesPatch Set(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(_changes.SetItem(Check(key), Check(value)), _expected);
    }

    /// <summary>Sets a key to a value, kept as JSON.</summary>
    /// <exception cref="ArgumentException">A text is not well-formed or holds U+0000.</exception>
    [RequiresUnreferencedCode(SessionJson.Reflection), RequiresDynamicCode(SessionJson.Reflection)]
    public ValuesPatch Set<T>(string key, T value) => Set(key, SessionJson.Write(value));

    /// <summary>Sets a key to a value, kept as JSON; without reflection.</summary>
    /// <exception cref="ArgumentException">A text is not well-formed or holds U+0000.</exception>
    public ValuesPatch Set<T>(string key, T value, JsonTypeInfo<T> type) => Set(key, SessionJson.Write(value, type));

    /// <summary>Removes a key. <see cref="SessionUpdate.Removed"/> then has its value.</summary>
    public ValuesPatch Remove(string key) => new(_changes.SetItem(Check(key), null), _expected);

    /// <summary>Makes the whole patch depend on a key still holding this value; null: on its absence.</summary>
    public ValuesPatch Expect(string key, string? value) =>
        new(_changes, _expected.SetItem(Check(key), value is null ? null : Check(value)));

    private static string Check(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        SessionText.CountBytes(text, nameof(text));
        return text;
    }
}
