using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sessions;

/// <summary>How a typed value becomes text and back: a string is itself, anything else is JSON.</summary>
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
    public static string Write<T>(T value) => value as string ?? JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    public static string Write<T>(T value, JsonTypeInfo<T> type) => value as string ?? JsonSerializer.Serialize(value, type);
}
