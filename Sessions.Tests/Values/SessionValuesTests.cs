using NUnit.Framework;

namespace Sessions.Tests.Values;

public sealed class SessionValuesTests
{
    private static readonly SessionValues Values = SessionValues.From([new("b", "2"), new("a", "1"), new("B", "3")]);

    [Test]
    public void Keys_are_ordinal_and_in_order()
    {
        Assert.That(Values.Keys, Is.EqualTo((string[])["B", "a", "b"]));
        Assert.That(Values.Values, Is.EqualTo((string[])["3", "1", "2"]));
        Assert.That(Values.Select(pair => pair.Key), Is.EqualTo(Values.Keys));
        Assert.That(Values, Has.Count.EqualTo(3));
        Assert.That(Values.ContainsKey("A"), Is.False);
    }

    [Test]
    public void Keys_that_only_a_culture_takes_for_equal_are_two()
    {
        var values = SessionValues.From([
            new("é", "composed"),
            new("e\u0301", "decomposed"),
            new("", "empty"),
            new("\u00ad", "soft hyphen"),
        ]);

        Assert.That(values["é"], Is.EqualTo("composed"));
        Assert.That(values["e\u0301"], Is.EqualTo("decomposed"));
        Assert.That(values[""], Is.EqualTo("empty"));
        Assert.That(values["\u00ad"], Is.EqualTo("soft hyphen"));
    }

    [Test]
    public void An_absent_key_is_not_found()
    {
        Assert.That(Values.TryGetValue("c", out var value), Is.False);
        Assert.That(value, Is.Null);
        Assert.That(() => Values["c"], Throws.TypeOf<KeyNotFoundException>());
    }

    [Test]
    public void Setting_and_removing_give_new_values_and_leave_the_old()
    {
        var changed = Values.Set("a", "one").Set("c", "4").Remove("B");

        Assert.That(changed, Is.EqualTo(SessionValues.From([new("a", "one"), new("b", "2"), new("c", "4")])));
        Assert.That(Values, Is.EqualTo(SessionValues.From([new("a", "1"), new("b", "2"), new("B", "3")])));
    }

    [Test]
    public void Removing_what_is_not_there_changes_nothing() => Assert.That(Values.Remove("c"), Is.SameAs(Values));

    [Test]
    public void Changing_the_callers_map_changes_no_values()
    {
        var map = new Dictionary<string, string> { ["a"] = "1" };
        var values = SessionValues.From(map);

        map["a"] = "2";
        map["b"] = "3";

        Assert.That(values, Is.EqualTo(SessionValues.Empty.Set("a", "1")));
    }

    [Test]
    public void What_is_handed_out_cannot_be_changed()
    {
        Assert.That(() => ((IList<string>)Values.Keys)[0] = "x", Throws.TypeOf<NotSupportedException>());
        Assert.That(() => ((IList<string>)Values.Values)[0] = "x", Throws.TypeOf<NotSupportedException>());
        Assert.That(Values, Is.Not.InstanceOf<IDictionary<string, string>>());
    }

    [Test]
    public void Values_are_equal_by_content_in_any_order()
    {
        var other = SessionValues.From([new("B", "3"), new("b", "2"), new("a", "1")]);

        Assert.That(Values.Equals(other), Is.True);
        Assert.That(Values.GetHashCode(), Is.EqualTo(other.GetHashCode()));
    }

    [Test]
    public void Values_differ_in_a_key_a_value_or_their_number()
    {
        Assert.That(Values.Equals(Values.Set("a", "x")), Is.False);
        Assert.That(Values.Equals(Values.Remove("a").Set("A", "1")), Is.False);
        Assert.That(Values.Equals(Values.Remove("a")), Is.False);
        Assert.That(Values.Equals(null), Is.False);
        Assert.That(SessionValues.From([new("a", "b")]).Equals(SessionValues.From([new("b", "a")])), Is.False);
    }

    [Test]
    public void Bytes_are_counted_in_UTF_8_keys_included()
    {
        Assert.That(SessionValues.Empty.ByteCount, Is.Zero);
        Assert.That(Values.ByteCount, Is.EqualTo(6));
        Assert.That(SessionValues.Empty.Set("é", "🚢€").ByteCount, Is.EqualTo(2 + 4 + 3));
        Assert.That(Values.Remove("a").ByteCount, Is.EqualTo(4));
    }

    [TestCase('\0')]
    [TestCase('\ud83d')]
    [TestCase('\udea2')]
    public void Text_that_not_every_backend_can_store_is_refused(char character)
    {
        var text = $"a{character}b";

        Assert.That(() => Values.Set(text, "1"), Throws.ArgumentException);
        Assert.That(() => Values.Set("a", text), Throws.ArgumentException);
        Assert.That(() => SessionValues.From([new(text, "1")]), Throws.ArgumentException);
        Assert.That(() => SessionValues.From([new("a", text)]), Throws.ArgumentException);
    }

    [Test]
    public void A_key_that_stands_twice_is_refused() =>
        Assert.That(() => SessionValues.From([new("a", "1"), new("b", "2"), new("a", "1")]), Throws.ArgumentException);

    [Test]
    public void Null_is_no_text()
    {
        Assert.That(() => SessionValues.From([new(null!, "1")]), Throws.ArgumentNullException);
        Assert.That(() => SessionValues.From([new("a", null!)]), Throws.ArgumentNullException);
        Assert.That(() => Values.Set("a", null!), Throws.ArgumentNullException);
        Assert.That(() => Values.TryGetValue(null!, out _), Throws.ArgumentNullException);
    }
}
