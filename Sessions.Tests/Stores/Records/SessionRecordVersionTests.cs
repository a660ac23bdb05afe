using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores.Records;

/// <summary>What this version does with the records of a later one, which is made up here.</summary>
public sealed class SessionRecordVersionTests
{
    private readonly SampleSessions _samples = new(new ManualTimeProvider(), SeededRandom.Create());

    [Test]
    public void A_record_of_another_version_is_not_read()
    {
        var session = _samples.CreateFull();
        var record = SessionRecord.Write(session);
        record[0]++;

        Assert.That(() => SessionRecord.Read(session.Id, record), Throws.InstanceOf<FormatException>().With.Message.Contains("version"));
        Assert.That(() => SessionRecord.Update(record, session), Throws.InstanceOf<FormatException>().With.Message.Contains("version"));
    }

    [Test]
    public void Sections_and_flags_of_a_later_version_are_skipped_and_survive_a_change()
    {
        var session = _samples.CreateFull();
        byte[] later = [10, 3, 1, 2, 3, 200, 0];
        byte[] record = [.. SessionRecord.Write(session), .. later];
        record[SessionRecordLayout.FlagsOffset] |= 0x80;
        var changed = session with { Values = SessionValues.Empty, Tags = SessionTags.Empty };

        var updated = SessionRecord.Update(record, changed);

        Assert.That(SessionRecord.Read(session.Id, record), Is.EqualTo(session));
        Assert.That(SessionRecord.Read(session.Id, updated), Is.EqualTo(changed));
        Assert.That(updated[^later.Length..], Is.EqualTo(later));
        Assert.That(updated[SessionRecordLayout.FlagsOffset] & 0x80, Is.EqualTo(0x80));
    }

    [TestCase(new byte[] { 10, 1 }, TestName = "A section that is longer than the record is damage")]
    [TestCase(new byte[] { 11, 0, 10, 0 }, TestName = "Sections in descending order are damage")]
    [TestCase(new byte[] { 10, 0, 10, 0 }, TestName = "A section that stands twice is damage")]
    [TestCase(new byte[] { 8, 0 }, TestName = "A section of this version behind a later one of it is damage")]
    public void What_no_version_writes_is_damage(byte[] sections)
    {
        var session = _samples.CreateFull();

        Assert.That(() => SessionRecord.Read(session.Id, [.. SessionRecord.Write(session), .. sections]), Throws.TypeOf<FormatException>());
    }
}
