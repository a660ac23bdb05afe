using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>
/// The tags of a session: an immutable set, compared by content, in ordinal order of name and then value. One name may stand with several
/// values. In JSON a list of objects with a name and a value.
/// </summary>
[JsonConverter(typeof(SessionTagsJsonConverter))]
[CollectionBuilder(typeof(SessionTags), nameof(Create))]
[DebuggerDisplay("Count = {Count}")]
public sealed class SessionTags : IReadOnlyCollection<SessionTag>, IEquatable<SessionTags>
{
    /// <summary>How many tags a session may have.</summary>
    public const int MaxCount = 8;

    private readonly SessionTag[] _tags;

    private SessionTags(SessionTag[] tags) => _tags = tags;

    /// <summary>No tags.</summary>
    public static SessionTags Empty { get; } = new([]);

    /// <inheritdoc />
    public int Count => _tags.Length;

    /// <summary>A set of these tags. One that stands twice counts once.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxCount"/>.</exception>
    public static SessionTags Create(params ReadOnlySpan<SessionTag> tags) => CreateCore(tags.ToArray());

    /// <summary>A set of these tags. One that stands twice counts once.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxCount"/>.</exception>
    public static SessionTags Create(IEnumerable<SessionTag> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return tags as SessionTags ?? CreateCore(tags);
    }

    /// <summary>These tags and those. The same set, if it has all of them.</summary>
    /// <exception cref="ArgumentException">Together they are more than <see cref="MaxCount"/>.</exception>
    public SessionTags With(IEnumerable<SessionTag> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return tags.All(Contains) ? this : CreateCore(_tags.Concat(tags));
    }

    /// <summary>Whether this tag is among them.</summary>
    public bool Contains(SessionTag tag) => Array.IndexOf(_tags, tag) >= 0;

    /// <inheritdoc />
    public IEnumerator<SessionTag> GetEnumerator() => _tags.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether both hold the same tags.</summary>
    public bool Equals(SessionTags? other) => other is not null && _tags.AsSpan().SequenceEqual(other._tags);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SessionTags);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var tag in _tags)
        {
            hash.Add(tag);
        }

        return hash.ToHashCode();
    }

    /// <summary>The count only: values may be personal.</summary>
    public override string ToString() => $"{Count} tags";

    /// <summary>How many tags these and those are together.</summary>
    internal int CountWith(SessionTags tags) => Count + tags.Count(tag => !Contains(tag));

    private static SessionTags CreateCore(IEnumerable<SessionTag> tags)
    {
        var distinct = tags.Distinct().ToArray();
        if (distinct.Length > MaxCount)
        {
            throw new ArgumentException($"A session has at most {MaxCount} tags; these are {distinct.Length}.", nameof(tags));
        }

        Array.Sort(distinct, static (one, other) => one.CompareTo(other));
        return distinct.Length == 0 ? Empty : new SessionTags(distinct);
    }
}

/// <summary>Tags in JSON are a list of objects with a name and a value.</summary>
internal sealed class SessionTagsJsonConverter : JsonConverter<SessionTags>
{
    private const string Name = "name";
    private const string Value = "value";

    public override SessionTags Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("Session tags are a list of objects.");
        }

        var tags = new List<SessionTag>();
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                tags.Add(ReadTag(ref reader));
            }

            return SessionTags.Create(tags);
        }
        catch (ArgumentException e)
        {
            throw new JsonException("These are not session tags.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SessionTags value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var tag in value)
        {
            writer.WriteStartObject();
            writer.WriteString(Name, tag.Name);
            writer.WriteString(Value, tag.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static SessionTag ReadTag(ref Utf8JsonReader reader)
    {
        string? name = null;
        string? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            if (property == Name)
            {
                name = reader.GetString();
            }
            else if (property == Value)
            {
                value = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return new SessionTag { Name = name!, Value = value! };
    }
}
