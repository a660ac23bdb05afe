using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>An id in JSON is its text, as a value and as a property name.</summary>
internal sealed class SessionIdJsonConverter : JsonConverter<SessionId>
{
    public override SessionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override SessionId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, SessionId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());

    private static SessionId Parse(string? text) =>
        SessionId.TryParse(text, out var id) ? id : throw new JsonException("This is not a session id.");
}
