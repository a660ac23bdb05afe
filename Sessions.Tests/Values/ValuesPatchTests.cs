using NUnit.Framework;

namespace Sessions.Tests.Values;

public sealed class ValuesPatchTests
{
    [Test]
    public void A_patch_lists_its_changes_in_ordinal_order()
    {
        var patch = ValuesPatch.Empty.Set("b", "1").Remove("a").Set("B", "2");

        Assert.That(patch.Changes, Is.EqualTo((KeyValuePair<string, string?>[])[new("B", "2"), new("a", null), new("b", "1")]));
        Assert.That(patch.Expected, Is.Empty);
    }

    [Test]
    public void What_is_said_last_of_a_key_counts()
    {
        Assert.That(ValuesPatch.Empty.Set("a", "1").Set("a", "2").Changes["a"], Is.EqualTo("2"));
        Assert.That(ValuesPatch.Empty.Set("a", "1").Remove("a").Changes["a"], Is.Null);
        Assert.That(ValuesPatch.Empty.Remove("a").Set("a", "1").Changes["a"], Is.EqualTo("1"));
        Assert.That(ValuesPatch.Empty.Expect("a", "1").Expect("a", null).Expected["a"], Is.Null);
    }

    [Test]
    public void Each_method_leaves_the_patch_as_it_was()
    {
        var patch = ValuesPatch.Empty.Set("a", "1");
        patch.Set("b", "2");
        patch.Remove("a");
        patch.Expect("a", "1");

        Assert.That(patch.Changes, Is.EqualTo((KeyValuePair<string, string?>[])[new("a", "1")]));
        Assert.That(patch.Expected, Is.Empty);
        Assert.That(ValuesPatch.Empty.Changes, Is.Empty);
    }

    [Test]
    public void What_a_patch_hands_out_cannot_be_changed() =>
        Assert.That(
            () => ((IDictionary<string, string?>)ValuesPatch.Empty.Set("a", "1").Changes)["a"] = "2",
            Throws.TypeOf<NotSupportedException>()
        );

    [Test]
    public void A_typed_value_is_set_as_JSON() => Assert.That(ValuesPatch.Empty.Set("a", 42).Changes["a"], Is.EqualTo("42"));

    [TestCase('\0')]
    [TestCase('\ud83d')]
    public void Text_that_not_every_backend_can_store_is_refused(char character)
    {
        var text = $"a{character}b";

        Assert.That(() => ValuesPatch.Empty.Set(text, "1"), Throws.ArgumentException);
        Assert.That(() => ValuesPatch.Empty.Set("a", text), Throws.ArgumentException);
        Assert.That(() => ValuesPatch.Empty.Remove(text), Throws.ArgumentException);
        Assert.That(() => ValuesPatch.Empty.Expect(text, "1"), Throws.ArgumentException);
        Assert.That(() => ValuesPatch.Empty.Expect("a", text), Throws.ArgumentException);
    }

    [Test]
    public void Null_is_no_text()
    {
        Assert.That(() => ValuesPatch.Empty.Set(null!, "1"), Throws.ArgumentNullException);
        Assert.That(() => ValuesPatch.Empty.Set("a", null!), Throws.ArgumentNullException);
        Assert.That(() => ValuesPatch.Empty.Remove(null!), Throws.ArgumentNullException);
        Assert.That(() => ValuesPatch.Empty.Expect(null!, "1"), Throws.ArgumentNullException);
    }
}
