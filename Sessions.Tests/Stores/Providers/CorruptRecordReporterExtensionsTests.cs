using System.Data;
using System.Text.Json;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Stores.Providers;

[CancelAfter(60_000)]
public sealed class CorruptRecordReporterExtensionsTests
{
    private static readonly Session s_session = new SampleSessions(TimeProvider.System, SeededRandom.Create()).Create();

    private static IEnumerable<Exception> Damages =>
        [
            new FormatException(),
            new ArgumentOutOfRangeException(),
            new OverflowException(),
            new JsonException(),
            new InvalidCastException(),
            new DataException(),
        ];

    [Test]
    public void A_row_that_can_be_read_is_its_session()
    {
        var log = new CorruptRecordLog();

        Assert.That(log.Reporter.ReadOrDefault("row", static _ => s_session, static row => row), Is.SameAs(s_session));
        Assert.That(log.Warnings, Is.Empty);
    }

    [TestCaseSource(nameof(Damages))]
    public async Task A_row_that_is_damaged_is_reported_under_its_id_and_counts_as_none(Exception damage)
    {
        var log = new CorruptRecordLog();

        Assert.That(log.Reporter.ReadOrDefault<string, Session>("row", _ => throw damage, static row => $"id of {row}"), Is.Null);
        Assert.That((await log.NextAsync(TestContext.CurrentContext.CancellationToken)).Record, Is.EqualTo("id of row"));
    }

    [Test]
    public void Without_a_reporter_a_row_that_is_damaged_counts_as_none() =>
        Assert.That(
            ((CorruptRecordReporter?)null).ReadOrDefault<int, Session>(0, static _ => throw new FormatException(), static _ => ""),
            Is.Null
        );

    [Test]
    public void What_is_no_damage_is_passed_on()
    {
        var log = new CorruptRecordLog();

        Assert.That(
            () => log.Reporter.ReadOrDefault<int, Session>(0, static _ => throw new TimeoutException(), static _ => ""),
            Throws.TypeOf<TimeoutException>()
        );
        Assert.That(log.Warnings, Is.Empty);
    }
}
