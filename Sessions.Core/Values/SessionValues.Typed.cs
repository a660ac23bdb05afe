using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace Sessions;

/// <content>Typed access: a text is kept as it is, anything else as JSON in its web form (camel case).</content>
public sealed partial class SessionValues
{
    /// <summary>The value of a key, or the default of <typeparamref name="T"/> when there is none.</summary>
    /// <exception cref="System.Text.Json.JsonException">The value is not a <typeparamref name="T"/>.</exception>
    [RequiresUnreferencedCode(SessionJson.Reflection), RequiresDynamicCode(SessionJson.Reflection)]
    public T? Get<T>(string key) => TryGetValue(key, out var text) ? SessionJson.Read<T>(text) : default;

    /// <summary>The value of a key, or the default of <typeparamref name="T"/> when there is none; without reflection.</summary>
    /// <exception cref="System.Text.Json.JsonException">The value is not a <typeparamref name="T"/>.</exception>
    public T? Get<T>(string key, JsonTypeInfo<T> type) => TryGetValue(key, out var text) ? SessionJson.Read(text, type) : default;

    /// <summary>These values with one set.</summary>
    [RequiresUnreferencedCode(SessionJson.Reflection), RequiresDynamicCode(SessionJson.Reflection)]
    public SessionValues Set<T>(string key, T value) => Set(key, SessionJson.Write(value));

    /// <summary>These values with one set; without reflection.</summary>
    public SessionValues Set<T>(string key, T value, JsonTypeInfo<T> type) => Set(key, SessionJson.Write(value, type));
}
