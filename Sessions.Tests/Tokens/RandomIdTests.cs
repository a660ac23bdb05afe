using NUnit.Framework;

namespace Sessions.Tests.Tokens;

public sealed class RandomIdTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Test]
    public void An_id_has_22_letters_and_digits_by_default()
    {
        Assert.That(RandomId.Create(), Does.Match("^[0-9A-Za-z]{22}$"));
        Assert.That(RandomId.Create(1), Does.Match("^[0-9A-Za-z]$"));
        Assert.That(RandomId.Create(1000), Does.Match("^[0-9A-Za-z]{1000}$"));
    }

    [Test]
    public void Ids_differ() =>
        Assert.That(Enumerable.Range(0, 10_000).Select(_ => RandomId.Create()).ToHashSet(), Has.Count.EqualTo(10_000));

    [Test]
    public void Each_character_stands_for_four_bytes_and_eight_bytes_are_drawn_again()
    {
        // Each byte in turn, and a zero where it is drawn again; one more zero for each of those eight.
        var made = Enumerable.Range(0, 256).Select(value => RandomId.Create(1, CreateFrom((byte)value))).CountBy(id => id[0]);

        Assert.That(
            made.OrderBy(count => count.Key),
            Is.EqualTo(Alphabet.Select(character => KeyValuePair.Create(character, character == '0' ? 4 + 8 : 4)))
        );
    }

    [Test]
    public void A_generator_that_gives_nothing_usable_is_an_error_and_no_endless_loop() =>
        Assert.That(
            () => RandomId.Create(random: static buffer => buffer.Fill(0xFF)),
            Throws.InvalidOperationException.With.Message.Contains("RandomFill")
        );

    [TestCase(0)]
    [TestCase(-1)]
    public void An_id_of_no_characters_is_refused(int length) =>
        Assert.That(() => RandomId.Create(length), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static RandomFill CreateFrom(byte first) =>
        buffer =>
        {
            buffer.Clear();
            buffer[0] = first;
        };
}
