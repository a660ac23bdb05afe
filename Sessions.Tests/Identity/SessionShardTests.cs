using NUnit.Framework;

namespace Sessions.Tests.Identity;

public sealed class SessionShardTests
{
    // SHA-256 of "ann" begins 49 91 5e. In bits 01001001 10010001 01..., the first 18 are 010010 011001 000101: 18, 25 and 5, in base64url
    // S, Z and F.
    private const string ShardOfAnn = "SZF";

    [Test]
    public void The_shard_is_the_first_18_bits_of_the_hash_of_the_user_key()
    {
        Assert.That(SessionId.ComputeShard("ann"), Is.EqualTo(ShardOfAnn));
        Assert.That(SessionId.Create("ann").ToString(), Does.StartWith(ShardOfAnn));
        Assert.That(SessionId.Create("ann").Shard, Is.EqualTo(ShardOfAnn));
    }

    // SHA-256 of its 13 bytes of UTF-8 begins e4 f3 a4.
    [Test]
    public void A_user_key_is_hashed_as_UTF_8() => Assert.That(SessionId.ComputeShard("Łukasz 🚢"), Is.EqualTo("5PO"));

    // HMAC-SHA-256 of "ann" under "pepper" begins 62 ac 51.
    [Test]
    public void With_a_key_the_shard_is_an_HMAC()
    {
        Assert.That(SessionId.ComputeShard("ann", "pepper"u8), Is.EqualTo("Yqx"));
        Assert.That(SessionId.Create("ann", "pepper"u8).Shard, Is.EqualTo("Yqx"));
    }

    [Test]
    public void All_but_the_shard_is_random()
    {
        var ids = Ids("ann");

        Assert.That(ids.Select(id => id.ToString()[..SessionId.ShardLength]), Is.All.EqualTo(ShardOfAnn));
        Assert.That(ids.Select(id => id.ToString()[SessionId.ShardLength..]), Is.Unique);
        AssertEveryCharacterVaries(ids, SessionId.ShardLength);
    }

    [Test]
    public void The_shard_of_a_visitor_is_random() => AssertEveryCharacterVaries(Ids(null), 0);

    [Test]
    public void The_longest_user_key_has_a_shard() =>
        Assert.That(SessionId.ComputeShard(new string('x', 512)), Has.Length.EqualTo(SessionId.ShardLength));

    [TestCase('\0', 1)]
    [TestCase('\ud800', 1)]
    [TestCase('x', 0)]
    [TestCase('x', 513)]
    [TestCase('é', 257)]
    public void What_is_no_user_key_has_no_id(char character, int count)
    {
        var userKey = new string(character, count);

        Assert.That(() => SessionId.Create(userKey), Throws.ArgumentException);
        Assert.That(() => SessionId.ComputeShard(userKey), Throws.ArgumentException);
    }

    private static SessionId[] Ids(string? userKey) => [.. Enumerable.Range(0, 200).Select(_ => SessionId.Create(userKey))];

    // Of 200 random characters all are equal once in 64^199 runs.
    private static void AssertEveryCharacterVaries(SessionId[] ids, int from)
    {
        for (var i = from; i < SessionId.Length; i++)
        {
            Assert.That(ids.Select(id => id.ToString()[i]).Distinct().Count(), Is.GreaterThan(1), $"character {i}");
        }
    }
}
