using System.Text.Json;
using System.Text.Json.Serialization;
using NUnit.Framework;

namespace Sessions.Tests.Values;

public sealed partial class SessionValuesJsonTests
{
    private static readonly Cart Some = new(7, ["tea", "Brötchen"]);

    [Test]
    public void Values_are_an_object_of_texts()
    {
        var values = SessionValues.From([new("b", "\"2\""), new("a", "1"), new("", "🚢")]);
        var json = JsonSerializer.Serialize(values);

        using var document = JsonDocument.Parse(json);
        Assert.That(document.RootElement.GetProperty("a").GetString(), Is.EqualTo("1"));
        Assert.That(JsonSerializer.Deserialize<SessionValues>(json), Is.EqualTo(values));
        Assert.That(JsonSerializer.Serialize(SessionValues.Empty), Is.EqualTo("{}"));
    }

    [TestCase("[]")]
    [TestCase("\"a\"")]
    [TestCase("""{"a":1}""")]
    [TestCase("""{"a":null}""")]
    [TestCase("""{"a":{}}""")]
    [TestCase("""{"a":"1","a":"2"}""", Description = "a key that stands twice")]
    [TestCase("""{"a":"\u0000"}""", Description = "U+0000")]
    [TestCase("""{"\u0000":"a"}""", Description = "U+0000")]
    [TestCase("""{"a":"\ud800"}""", Description = "an unpaired surrogate")]
    public void JSON_that_is_no_object_of_texts_is_refused(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<SessionValues>(json), Throws.TypeOf<JsonException>());

    [Test]
    public void A_typed_value_is_kept_as_JSON_in_its_web_form()
    {
        var values = SessionValues.Empty.Set("cart", Some);

        Assert.That(values["cart"], Does.StartWith("""{"id":7,"items":["tea","""));
        Assert.That(values.Get<Cart>("cart"), Is.EqualTo(Some).Using<Cart>(SameCart));
    }

    [Test]
    public void A_typed_value_needs_no_reflection()
    {
        var values = SessionValues.Empty.Set("cart", Some, CartJson.Default.Cart);

        Assert.That(values["cart"], Does.StartWith("""{"id":7,"items":["tea","""));
        Assert.That(values.Get("cart", CartJson.Default.Cart), Is.EqualTo(Some).Using<Cart>(SameCart));
    }

    [Test]
    public void A_string_is_kept_raw()
    {
        const string text = "say \"hi\"";
        var values = SessionValues.Empty.Set("a", text).Set<string>("b", text).Set("c", text, CartJson.Default.String);

        Assert.That(values.Values, Is.All.EqualTo(text));
        Assert.That(values.Get<string>("a"), Is.EqualTo(text));
        Assert.That(values.Get("a", CartJson.Default.String), Is.EqualTo(text));
    }

    [Test]
    public void A_string_that_is_set_as_something_wider_reads_back()
    {
        var values = SessionValues.Empty.Set<object>("a", "say \"hi\"");

        Assert.That(values.Get<object>("a")?.ToString(), Is.EqualTo("say \"hi\""));
    }

    [Test]
    public void A_missing_string_is_no_value()
    {
        Assert.That(() => SessionValues.Empty.Set<string?>("a", null), Throws.ArgumentNullException);
        Assert.That(() => ValuesPatch.Empty.Set<string?>("a", null), Throws.ArgumentNullException);
    }

    [Test]
    public void An_absent_key_reads_as_the_default()
    {
        Assert.That(SessionValues.Empty.Get<Cart>("cart"), Is.Null);
        Assert.That(SessionValues.Empty.Get<int>("count"), Is.Zero);
        Assert.That(SessionValues.Empty.Get("cart", CartJson.Default.Cart), Is.Null);
    }

    [Test]
    public void Null_and_numbers_read_back()
    {
        var values = SessionValues.Empty.Set<int?>("none", null).Set("count", 42);

        Assert.That(values["count"], Is.EqualTo("42"));
        Assert.That(values.Get<int>("count"), Is.EqualTo(42));
        Assert.That(values.Get<int?>("none"), Is.Null);
    }

    [Test]
    public void A_value_of_another_type_is_an_error() =>
        Assert.That(() => SessionValues.Empty.Set("cart", "none yet").Get<Cart>("cart"), Throws.TypeOf<JsonException>());

    private static bool SameCart(Cart one, Cart other) => one.Id == other.Id && one.Items.SequenceEqual(other.Items);

    private sealed record Cart(int Id, string[] Items);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Cart))]
    private sealed partial class CartJson : JsonSerializerContext;
}
