using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Clients;

namespace Sessions.Tests.Tokens;

public sealed class RandomTokenTests
{
    [Test]
    public void A_token_of_any_length_reads_back([Values(1, 2, 3, 15, 16, 24, 32, 33, 1000)] int bytes)
    {
        var token = RandomToken.Create(bytes);

        Assert.That(token, Has.Length.EqualTo(bytes));
        Assert.That(RandomToken.TryDecode(RandomToken.Encode(token), out var decoded), Is.True);
        Assert.That(decoded, Is.EqualTo(token));
    }

    [Test]
    public void Tokens_differ_and_have_32_bytes() =>
        Assert.That(
            Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(RandomToken.Create())).ToHashSet(),
            Has.Count.EqualTo(1000).And.All.Length.EqualTo(64)
        );

    [Test]
    public void A_token_is_what_the_application_s_generator_says() =>
        Assert.That(RandomToken.Create(3, static buffer => buffer.Fill(7)), Is.EqualTo((byte[])[7, 7, 7]));

    [TestCase(0)]
    [TestCase(-1)]
    public void A_token_of_no_bytes_is_refused(int bytes) =>
        Assert.That(() => RandomToken.Create(bytes), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void The_text_is_base64url_without_padding()
    {
        Assert.That(RandomToken.Encode([0xFB, 0xEF, 0xFF, 0x00]), Is.EqualTo("--__AA"));
        Assert.That(RandomToken.Encode([]), Is.Empty);
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("\t")]
    [TestCase("0")]
    [TestCase("a")]
    [TestCase("AAAAA", Description = "no whole number of bytes")]
    [TestCase("AA==", Description = "padding")]
    [TestCase("AA=", Description = "padding")]
    [TestCase("A A")]
    [TestCase("AA\n")]
    [TestCase("++//", Description = "the alphabet of RFC 4648 section 4")]
    [TestCase("AAé")]
    [TestCase("AA\ud800")]
    public void Anything_else_is_no_token(string text)
    {
        Assert.That(RandomToken.TryDecode(text, out var token), Is.False);
        Assert.That(token, Is.Null);
    }

    [Test]
    public void Of_all_texts_of_two_and_three_characters_each_token_has_one()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ ";
        var two = from a in alphabet from b in alphabet select $"{a}{b}";
        var three = from text in two from c in alphabet select text + c;

        Assert.That(two.Count(IsRead), Is.EqualTo(1 << 8));
        Assert.That(three.Count(IsRead), Is.EqualTo(1 << 16));
    }

    [Test]
    public void Mutated_tokens_are_read_without_an_exception_and_only_as_what_they_say()
    {
        var random = new SeededRandom(20_260_201);
        var seeds = Enumerable.Range(1, 64).Select(bytes => RandomToken.Encode(RandomToken.Create(bytes, random.Fill))).ToArray();
        var mutations = new MutatedText(random, seeds);
        var read = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var text = mutations.Next();
            if (RandomToken.TryDecode(text, out var token))
            {
                read++;
                Assert.That(RandomToken.Encode(token), Is.EqualTo(text));
            }
        }

        Assert.That(read, Is.InRange(1000, 50_000), "Some are tokens still, cut to another length; most are none.");
    }

    private static bool IsRead(string text) => RandomToken.TryDecode(text, out _);
}
