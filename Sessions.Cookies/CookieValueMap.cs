using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions.Cookies;

/// <summary>
/// Values by key as they stand in a cookie: a type of their own, so that they cannot be mistaken for the application's sessions.
/// </summary>
[JsonConverter(typeof(CookieValueMapConverter))]
internal sealed record CookieValueMap(SessionValues Values);

/// <summary>
/// An object of texts, and only such as values may be: a cookie that an earlier version of the application filled otherwise is unreadable,
/// and no error later.
/// </summary>
internal sealed class CookieValueMapConverter : JsonConverter<CookieValueMap>
{
    public override CookieValueMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(SessionValues.From(JsonSerializer.Deserialize(ref reader, CookieValueJsonContext.Default.DictionaryStringString)!));

    public override void Write(Utf8JsonWriter writer, CookieValueMap value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(
            writer,
            new Dictionary<string, string>(value.Values),
            CookieValueJsonContext.Default.DictionaryStringString
        );
}

/// <summary>Their shape in JSON, without reflection.</summary>
[JsonSerializable(typeof(CookieValueMap))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class CookieValueJsonContext : JsonSerializerContext;
