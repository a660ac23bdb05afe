using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sessions;

/// <summary>
/// How a typed value becomes text and back: a string is itself, anything else is JSON. Both use the declared type, so that one reads what
/// the other wrote.
/// </summary>
internal static class SessionJson
{
    public const string Reflection =
        "JSON by reflection. Use the overload with a JsonTypeInfo where code is trimmed or compiled ahead of time.";

    [RequiresUnreferencedCode(Reflection), RequiresDynamicCode(Reflection)]
    public static T? Read<T>(string text) =>
        typeof(T) == typeof(string) ? (T)(object)text : JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web);

    public static T? Read<T>(string text, JsonTypeInfo<T> type) =>
        typeof(T) == typeof(string) ? (T)(object)text : JsonSerializer.Deserialize(text, type);

    [RequiresUnreferencedCode(Reflection), RequiresDynamicCode(Reflection)]
    public static string Write<T>(T value) =>
        typeof(T) == typeof(string) ? Raw(value) : JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    public static string Write<T>(T value, JsonTypeInfo<T> type) =>
        typeof(T) == typeof(string) ? Raw(value) : JsonSerializer.Serialize(value, type);

    private static string Raw(object? value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (string)value;
    }
}
