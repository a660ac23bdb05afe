using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>
/// The application's own values in a session: an immutable map from text to text, compared by content. Keys are ordinal and may be empty.
/// Typed access is in <see cref="Get{T}(string)"/> and its kin.
/// </summary>
[JsonConverter(typeof(SessionValuesJsonConverter))]
[DebuggerDisplay("Count = {Count}")]
public sealed partial class SessionValues : IReadOnlyDictionary<string, string>, IEquatable<SessionValues>
{
    // Sorted by key, ordinal: sessions hold a handful of values, where two arrays beat a hash table in size and in speed.
    private readonly string[] _keys;
    private readonly string[] _values;

    private SessionValues(string[] keys, string[] values, int byteCount)
    {
        (_keys, _values, ByteCount) = (keys, values, byteCount);
    }

    /// <summary>No values.</summary>
    public static SessionValues Empty { get; } = new([], [], 0);

    /// <summary>Bytes of UTF-8 in all keys and values together.</summary>
    public int ByteCount { get; }

    /// <inheritdoc />
    public int Count => _keys.Length;

    /// <inheritdoc />
    public IEnumerable<string> Keys => _keys.AsReadOnly();

    /// <inheritdoc />
    public IEnumerable<string> Values => _values.AsReadOnly();

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public string this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException("The session holds no value of that key.");

    /// <summary>Copies a map.</summary>
    /// <exception cref="ArgumentException">A key stands twice, or a text is not well-formed or holds U+0000.</exception>
    public static SessionValues From(IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values is SessionValues same)
        {
            return same;
        }

        var pairs = values.ToArray();
        if (pairs.Length == 0)
        {
            return Empty;
        }

        var keys = Array.ConvertAll(pairs, static pair => pair.Key);
        var texts = Array.ConvertAll(pairs, static pair => pair.Value);
        var bytes = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(keys[i], nameof(values));
            ArgumentNullException.ThrowIfNull(texts[i], nameof(values));
            bytes = checked(bytes + SessionText.CountBytes(keys[i], nameof(values)) + SessionText.CountBytes(texts[i], nameof(values)));
        }

        Array.Sort(keys, texts, StringComparer.Ordinal);
        for (var i = 1; i < keys.Length; i++)
        {
            if (string.Equals(keys[i - 1], keys[i], StringComparison.Ordinal))
            {
                throw new ArgumentException("A key stands twice.", nameof(values));
            }
        }

        return new SessionValues(keys, texts, bytes);
    }

    /// <inheritdoc />
    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <inheritdoc />
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var index = IndexOf(key);
        value = index >= 0 ? _values[index] : null;
        return index >= 0;
    }

    /// <summary>These values with one set.</summary>
    public SessionValues Set(string key, string value) => From([.. this.Where(pair => pair.Key != key), KeyValuePair.Create(key, value)]);

    /// <summary>These values and those; where both hold a key, those win.</summary>
    public SessionValues With(SessionValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == 0 ? this : From([.. this.Where(pair => !values.ContainsKey(pair.Key)), .. values]);
    }

    /// <summary>These values without one; the same, if it is not there.</summary>
    public SessionValues Remove(string key) => ContainsKey(key) ? From([.. this.Where(pair => pair.Key != key)]) : this;

    /// <summary>Those of these values whose keys are given.</summary>
    internal SessionValues WithOnly(IReadOnlyCollection<string> keys) =>
        _keys.All(keys.Contains) ? this : From([.. this.Where(pair => keys.Contains(pair.Key))]);

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            yield return KeyValuePair.Create(_keys[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both hold the same keys with the same values.</summary>
    public bool Equals(SessionValues? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _keys.AsSpan().SequenceEqual(other._keys) && _values.AsSpan().SequenceEqual(other._values));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SessionValues);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < _keys.Length; i++)
        {
            hash.Add(_keys[i], StringComparer.Ordinal);
            hash.Add(_values[i], StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>The count only: values may be personal.</summary>
    public override string ToString() => $"{Count} values";

    private int IndexOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Array.BinarySearch(_keys, key, StringComparer.Ordinal);
    }
}
