using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

public sealed class SeededRandomTests
{
    [Test]
    public void The_same_seed_gives_the_same_numbers()
    {
        // The first outputs of SplitMix64 from seed 1234567, as its authors publish them.
        var random = new SeededRandom(1234567);

        Assert.That(
            new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() },
            Is.EqualTo([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL])
        );
        Assert.That(random.Seed, Is.EqualTo(1234567));
    }

    [Test]
    public void Samples_of_one_seed_are_the_same()
    {
        var clock = new ManualTimeProvider();

        var sessions = Enumerable.Range(0, 2).Select(_ => new SampleSessions(clock, new SeededRandom(7)).CreateFull());

        Assert.That(sessions.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Numbers_stay_within_their_range_and_reach_all_of_it()
    {
        var random = new SeededRandom(7);

        var numbers = Enumerable.Range(0, 1000).Select(_ => random.Next(6)).Distinct();

        Assert.That(numbers, Is.EquivalentTo(Enumerable.Range(0, 6)));
    }

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(21)]
    public void Every_byte_is_filled(int length)
    {
        var random = new SeededRandom(7);
        var seen = new byte[length];
        var bytes = new byte[length];
        for (var i = 0; i < 20; i++)
        {
            random.Fill(bytes);
            for (var j = 0; j < length; j++)
            {
                seen[j] |= bytes[j];
            }
        }

        Assert.That(seen, Has.None.Zero);
    }

    [Test]
    public void A_shuffle_keeps_every_item()
    {
        var items = Enumerable.Range(0, 50).ToArray();

        new SeededRandom(7).Shuffle(items.AsSpan());

        Assert.That(items, Is.EquivalentTo(Enumerable.Range(0, 50)).And.Not.Ordered);
    }

    [Test]
    public void Samples_carry_the_shard_of_their_user()
    {
        var samples = new SampleSessions(new ManualTimeProvider(), new SeededRandom(7));

        var ids = Enumerable.Range(0, 20).Select(_ => samples.NewId("ann")).ToArray();
        var visitors = Enumerable.Range(0, 20).Select(_ => samples.NewId(null)).ToArray();

        Assert.That(ids, Is.Unique);
        Assert.That(ids.Select(id => id.Shard), Has.All.EqualTo(SessionId.ComputeShard("ann")));
        Assert.That(visitors.Select(id => id.Shard).Distinct().Count(), Is.GreaterThan(1));
    }
}
