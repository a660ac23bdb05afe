using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>Values in JSON are an object of texts.</summary>
internal sealed class SessionValuesJsonConverter : JsonConverter<SessionValues>
{
    public override SessionValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Session values are an object of texts.");
        }

        var pairs = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            pairs.Add(KeyValuePair.Create(key, reader.GetString() ?? throw new JsonException("A session value is a text.")));
        }

        try
        {
            return SessionValues.From(pairs);
        }
        catch (ArgumentException e)
        {
            throw new JsonException("These are not session values.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SessionValues value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value)
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }
}
