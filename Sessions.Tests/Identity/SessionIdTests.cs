using System.Text.Json;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Identity;

public sealed class SessionIdTests
{
    private const string Text = "-_09AZaz0123456789abcdEF";

    private readonly SeededRandom _random = new(2026);

    [Test]
    public void An_id_prints_what_it_was_read_from()
    {
        var id = SessionId.Parse(Text);

        Assert.That(id.ToString(), Is.EqualTo(Text));
        Assert.That($"{id}", Is.EqualTo(Text));
        Assert.That(SessionId.TryParse(Text, out var same), Is.True);
        Assert.That(same, Is.EqualTo(id));
    }

    [Test]
    public void Every_id_prints_and_reads_back()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = AnyId();

            Assert.That(SessionId.Parse(id.ToString()), Is.EqualTo(id));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-_09AZaz0123456789abcdE", Description = "too short")]
    [TestCase("-_09AZaz0123456789abcdEFG", Description = "too long")]
    [TestCase("-_09AZaz0123456789abcdE=", Description = "padding")]
    [TestCase("-_09AZaz0123456789abcd==", Description = "padding")]
    [TestCase("-_09AZaz0123456789abcdEF=", Description = "padding after it")]
    [TestCase(" -_09AZaz0123456789abcdEF", Description = "white space before it")]
    [TestCase("-_09AZaz0123456789abcdEF\n", Description = "white space after it")]
    [TestCase("-_09AZaz0123 56789abcdEF", Description = "white space within")]
    [TestCase("-_09AZaz0123\n56789abcdEF", Description = "white space that base64 decoders skip")]
    [TestCase("+/09AZaz0123456789abcdEF", Description = "the alphabet of RFC 4648 section 4")]
    [TestCase("-.09AZaz0123456789abcdEF")]
    [TestCase("-_09AZaz0123456789abcdE\0")]
    [TestCase("-_09AZaz0123456789abcdEÉ")]
    [TestCase("-_09AZaz0123456789abcdEＦ", Description = "full width")]
    [TestCase("-_09AZaz٠123456789abcdEF", Description = "another script's digit")]
    public void Anything_but_24_url_safe_characters_is_no_id(string? text)
    {
        Assert.That(SessionId.TryParse(text, out var id), Is.False);
        Assert.That(id, Is.EqualTo(default(SessionId)));
        Assert.That(() => SessionId.Parse(text.AsSpan()), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Case_matters() => Assert.That(SessionId.Parse(Text.ToUpperInvariant()), Is.Not.EqualTo(SessionId.Parse(Text)));

    [Test]
    public void Ids_that_differ_in_any_one_character_differ()
    {
        var id = SessionId.Parse(Text);
        for (var i = 0; i < Text.Length; i++)
        {
            var other = SessionId.Parse(Text[..i] + (Text[i] == 'x' ? 'y' : 'x') + Text[(i + 1)..]);

            Assert.That(other == id, Is.False, $"character {i}");
            Assert.That(other != id, Is.True, $"character {i}");
        }
    }

    [Test]
    public void Ids_order_as_their_texts_do_ordinally()
    {
        for (var i = 0; i < 1000; i++)
        {
            // Neighbours share a head, so that every position decides now and then.
            var (left, right) = (AnyId(), AnyId());
            var shared = _random.Next(SessionId.Length);
            right = SessionId.Parse(left.ToString()[..shared] + right.ToString()[shared..]);
            var order = Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString()));

            Assert.That(Math.Sign(left.CompareTo(right)), Is.EqualTo(order), $"{left} {right}");
            Assert.That(left < right, Is.EqualTo(order < 0));
            Assert.That(left <= right, Is.EqualTo(order <= 0));
            Assert.That(left > right, Is.EqualTo(order > 0));
            Assert.That(left >= right, Is.EqualTo(order >= 0));
        }
    }

    [Test]
    public void An_id_is_its_text_in_JSON()
    {
        var id = SessionId.Parse(Text);

        Assert.That(JsonSerializer.Serialize(id), Is.EqualTo($"\"{Text}\""));
        Assert.That(JsonSerializer.Deserialize<SessionId>($"\"{Text}\""), Is.EqualTo(id));
    }

    [Test]
    public void An_id_is_a_key_of_a_dictionary_in_JSON()
    {
        var named = new Dictionary<SessionId, int> { [SessionId.Parse(Text)] = 7 };
        var json = JsonSerializer.Serialize(named);

        Assert.That(json, Is.EqualTo($$"""{"{{Text}}":7}"""));
        Assert.That(JsonSerializer.Deserialize<Dictionary<SessionId, int>>(json), Is.EqualTo(named));
    }

    [TestCase("\"short\"")]
    [TestCase("null")]
    [TestCase("7")]
    [TestCase("{}")]
    public void JSON_that_is_no_id_is_refused(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<SessionId>(json), Throws.TypeOf<JsonException>());

    private SessionId AnyId()
    {
        Span<byte> bytes = stackalloc byte[SessionId.Bytes];
        _random.Fill(bytes);
        return new SessionId(bytes);
    }
}
