using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Clients;

namespace Sessions.Tests.Tokens;

public sealed class SortableIdsTests
{
    private static readonly DateTimeOffset Start = new(2026, 2, 1, 12, 0, 0, 123, TimeSpan.Zero);

    [Test]
    public void The_layout_is_48_bits_of_milliseconds_and_80_random_bits_in_Crockford_s_base32()
    {
        // The example of the ULID specification, and the greatest id there is.
        var example = new ManualTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_469_918_176_385));

        Assert.That(new SortableIdGenerator(example, static buffer => buffer.Clear()).Create(), Is.EqualTo("01ARYZ6S410000000000000000"));
        Assert.That(
            new SortableIdGenerator(example, static buffer => buffer.Fill(0xFF)).Create(),
            Is.EqualTo("01ARYZ6S41ZZZZZZZZZZZZZZZZ")
        );
        Assert.That(
            new SortableIdGenerator(example, static buffer => "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"u8.CopyTo(buffer)).Create(),
            Is.EqualTo("01ARYZ6S41041061050R3GG28A")
        );
    }

    [Test]
    public void Ids_sort_by_time_as_text()
    {
        var time = new ManualTimeProvider(Start);
        var ids = new SortableIdGenerator(time);
        var made = new List<string>();
        foreach (var step in (int[])[1, 1, 31, 32, 1000, 3_600_000, 1, 2_000_000_000])
        {
            made.Add(ids.Create());
            time.Advance(TimeSpan.FromMilliseconds(step));
        }

        Assert.That(made, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique);
    }

    [Test]
    public void Within_a_millisecond_ids_increase_strictly()
    {
        var ids = new SortableIdGenerator(new ManualTimeProvider(Start), new SeededRandom(1).Fill);
        var made = Enumerable.Range(0, 65_536).Select(_ => ids.Create()).ToList();

        Assert.That(made.Zip(made.Skip(1)).Count(pair => string.CompareOrdinal(pair.First, pair.Second) >= 0), Is.Zero);
        Assert.That(made.Select(id => id[..10]).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void The_step_within_a_millisecond_cannot_be_predicted()
    {
        var ids = new SortableIdGenerator(new ManualTimeProvider(Start));
        var made = Enumerable.Range(0, 100).Select(_ => ids.Create()[^6..]).ToHashSet();

        Assert.That(made, Has.Count.GreaterThan(95));
    }

    [Test]
    public void Ids_increase_when_the_clock_is_set_back()
    {
        var time = new ManualTimeProvider(Start);
        var ids = new SortableIdGenerator(time);
        var before = ids.Create();
        time.UtcNow = Start.AddHours(-1);
        var after = ids.Create();

        Assert.That(string.CompareOrdinal(before, after), Is.Negative);
        Assert.That(GetTimestamp(after), Is.EqualTo(Start));
    }

    [Test]
    public void Random_bits_that_run_over_carry_into_the_milliseconds()
    {
        var time = new ManualTimeProvider(Start);
        var ids = new SortableIdGenerator(time, static buffer => buffer.Fill(0xFF));
        var before = ids.Create();
        var over = ids.Create();
        time.Advance(TimeSpan.FromMilliseconds(1));
        var after = ids.Create();

        Assert.That((string[])[before, over, after], Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique);
        Assert.That((GetTimestamp(before), GetTimestamp(over)), Is.EqualTo((Start, Start.AddMilliseconds(1))));
    }

    [Test]
    public async Task Many_threads_get_different_ids()
    {
        var ids = new SortableIdGenerator();
        var made = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 5000).Select(_ => ids.Create()).ToList()))
        );

        Assert.That(made.SelectMany(some => some).ToHashSet(), Has.Count.EqualTo(40_000));
        Assert.That(made, Has.All.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
    }

    [Test]
    public void An_id_contains_its_creation_time()
    {
        Assert.That(GetTimestamp(new SortableIdGenerator(new ManualTimeProvider(Start)).Create()), Is.EqualTo(Start));
        Assert.That(GetTimestamp(new SortableIdGenerator(new ManualTimeProvider(DateTimeOffset.MaxValue)).Create()).Year, Is.EqualTo(9999));
        Assert.That(
            GetTimestamp(new SortableIdGenerator(new ManualTimeProvider(DateTimeOffset.MinValue)).Create()),
            Is.EqualTo(DateTimeOffset.UnixEpoch)
        );
    }

    [TestCase("")]
    [TestCase("01ARYZ6S41041061050R3GG28", Description = "too short")]
    [TestCase("01ARYZ6S41041061050R3GG28AA", Description = "too long")]
    [TestCase("01aryz6s41041061050r3gg28a", Description = "small letters")]
    [TestCase("01ARYZ6S41O41O61O5OR3GG28A", Description = "letters that look like digits")]
    [TestCase("81ARYZ6S41041061050R3GG28A", Description = "more than 128 bits")]
    [TestCase("ZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [TestCase("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", Description = "after the year 9999")]
    [TestCase("01ARYZ6S41041061050R3GG28\u0130")]
    public void Any_other_text_contains_no_time(string text)
    {
        Assert.That(SortableIdGenerator.TryGetTime(text, out var at), Is.False);
        Assert.That(at, Is.EqualTo(default(DateTimeOffset)));
    }

    [Test]
    public void Mutated_ids_are_read_without_an_exception()
    {
        var random = new SeededRandom(20_260_202);
        var ids = new SortableIdGenerator(new ManualTimeProvider(Start), random.Fill);
        var mutations = new MutatedText(random, [.. Enumerable.Range(0, 64).Select(_ => ids.Create())]);

        for (var i = 0; i < 100_000; i++)
        {
            var text = mutations.Next();
            if (SortableIdGenerator.TryGetTime(text, out _))
            {
                Assert.That(text, Does.Match("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"));
            }
        }
    }

    private static DateTimeOffset GetTimestamp(string id) =>
        SortableIdGenerator.TryGetTime(id, out var at) ? at : throw new FormatException($"{id} is no sortable id.");
}
