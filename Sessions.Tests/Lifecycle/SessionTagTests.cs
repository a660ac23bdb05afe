using System.Text.Json;
using NUnit.Framework;

namespace Sessions.Tests.Lifecycle;

public sealed class SessionTagTests
{
    private static readonly SessionTag Tenant = new() { Name = "tenant", Value = "7" };
    private static readonly SessionTag Sid = new() { Name = "oidc.sid", Value = "08a5" };

    [TestCase("a")]
    [TestCase("0.a:b-c")]
    public void A_name_has_characters_of_a_to_z_0_to_9_dot_colon_and_hyphen(string name) =>
        Assert.That(new SessionTag { Name = name, Value = "v" }.Name, Is.EqualTo(name));

    [TestCase("")]
    [TestCase("A")]
    [TestCase("a b")]
    [TestCase("a_b")]
    [TestCase("é")]
    [TestCase("a{b}")]
    public void Anything_else_is_no_name(string name) =>
        Assert.That(() => new SessionTag { Name = name, Value = "v" }, Throws.ArgumentException);

    [Test]
    public void A_name_has_at_most_64_characters()
    {
        Assert.That(() => new SessionTag { Name = new('a', 64), Value = "v" }, Throws.Nothing);
        Assert.That(() => new SessionTag { Name = new('a', 65), Value = "v" }, Throws.ArgumentException);
    }

    [TestCase('x', 512)]
    [TestCase('é', 256)]
    [TestCase(' ', 1)]
    public void A_value_has_1_to_512_bytes_of_UTF_8(char character, int count) =>
        Assert.That(() => new SessionTag { Name = "n", Value = new(character, count) }, Throws.Nothing);

    [TestCase('x', 0)]
    [TestCase('x', 513)]
    [TestCase('é', 257)]
    [TestCase('\0', 1)]
    [TestCase('\ud800', 1)]
    public void What_not_every_backend_can_store_is_no_value(char character, int count) =>
        Assert.That(() => new SessionTag { Name = "n", Value = new(character, count) }, Throws.ArgumentException);

    [Test]
    public void Tags_are_a_set_in_order_of_name_and_value()
    {
        var second = Tenant with { Value = "10" };

        SessionTags tags = [Tenant, Sid, second, Tenant with { }];

        Assert.That(tags, Is.EqualTo([Sid, second, Tenant]));
        Assert.That(tags, Is.EqualTo(SessionTags.Create(second, Tenant, Sid)));
        Assert.That(tags.GetHashCode(), Is.EqualTo(SessionTags.Create(second, Tenant, Sid).GetHashCode()));
        Assert.That(tags, Is.Not.EqualTo(SessionTags.Create(Tenant, Sid)));
        Assert.That(tags.Contains(Sid), Is.True);
        Assert.That(tags.Contains(Sid with { Value = "08A5" }), Is.False);
    }

    [Test]
    public void Tags_are_added_and_what_is_there_is_no_change()
    {
        SessionTags tags = [Tenant];

        Assert.That(tags.With([Sid]), Is.EqualTo(SessionTags.Create(Sid, Tenant)));
        Assert.That(tags.With([Tenant with { }]), Is.SameAs(tags));
        Assert.That(tags.With([]), Is.SameAs(tags));
    }

    [Test]
    public void There_are_at_most_eight()
    {
        var eight = Enumerable.Range(0, 8).Select(i => Tenant with { Value = $"{i}" }).ToArray();

        Assert.That(SessionTags.Create(eight), Has.Count.EqualTo(8));
        Assert.That(() => SessionTags.Create(eight).With([Sid]), Throws.ArgumentException);
        Assert.That(() => SessionTags.Create([.. eight, Sid]), Throws.ArgumentException);
        Assert.That(SessionTags.Create(eight).With([eight[0]]), Has.Count.EqualTo(8));
    }

    [Test]
    public void Tags_in_JSON_are_a_list_of_names_and_values()
    {
        SessionTags tags = [Tenant, Sid];

        var json = JsonSerializer.Serialize(tags);

        Assert.That(json, Is.EqualTo("""[{"name":"oidc.sid","value":"08a5"},{"name":"tenant","value":"7"}]"""));
        Assert.That(JsonSerializer.Deserialize<SessionTags>(json), Is.EqualTo(tags));
        Assert.That(JsonSerializer.Deserialize<SessionTags>("[]"), Is.EqualTo(SessionTags.Empty));
        Assert.That(
            JsonSerializer.Deserialize<SessionTags>("""[{"later":[1],"value":"7","name":"tenant"}]"""),
            Is.EqualTo(SessionTags.Create(Tenant))
        );
    }

    [TestCase("{}")]
    [TestCase("""["tenant"]""")]
    [TestCase("""[{"name":"tenant"}]""")]
    [TestCase("""[{"name":"Tenant","value":"7"}]""")]
    [TestCase("""[{"name":"tenant","value":7}]""")]
    public void Other_JSON_is_no_tags(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<SessionTags>(json), Throws.InstanceOf<JsonException>());

    [Test]
    public void Values_are_not_printed()
    {
        Assert.That($"{Sid}", Is.EqualTo("oidc.sid"));
        Assert.That($"{SessionTags.Create(Sid, Tenant)}", Is.EqualTo("2 tags"));
    }
}
