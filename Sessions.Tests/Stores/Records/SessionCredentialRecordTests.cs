using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores.Records;

public sealed class SessionCredentialRecordTests
{
    private readonly SampleSessions _samples = new(new ManualTimeProvider(), SeededRandom.Create());

    [TestCaseSource(nameof(Names))]
    public void Any_credential_comes_back(string name)
    {
        var credential = CredentialVariations.Create(name, _samples.CreateFull().Credential, _samples);

        Assert.That(SessionCredentialRecord.Read(SessionCredentialRecord.Write(credential)), Is.EqualTo(credential));
    }

    [TestCaseSource(nameof(Names))]
    public void Equal_credentials_give_equal_bytes_and_others_do_not(string name)
    {
        var full = _samples.CreateFull().Credential;
        var credential = CredentialVariations.Create(name, full, _samples);
        var copy = credential with { RotatedAt = null, Generation = 0 };
        copy = copy with { Generation = credential.Generation, RotatedAt = credential.RotatedAt };

        Assert.That(SessionCredentialRecord.Write(copy), Is.EqualTo(SessionCredentialRecord.Write(credential)));
        Assert.That(SessionCredentialRecord.Write(credential), Is.Not.EqualTo(SessionCredentialRecord.Write(full)));
    }

    [Test]
    public void Before_the_first_rotation_there_are_two_hashes_only() =>
        Assert.That(SessionCredentialRecord.Write(_samples.Create().Credential), Has.Length.EqualTo(2 * Sha256Hash.Size));

    [Test]
    public void What_is_read_is_written_alike_or_is_damage()
    {
        var record = SessionCredentialRecord.Write(_samples.CreateFull().Credential);

        for (var at = 0; at < record.Length; at++)
        {
            foreach (byte damage in (byte[])[0x01, 0x20, 0x80, 0xFF])
            {
                var damaged = record.ToArray();
                damaged[at] ^= damage;
                Assert.That(IsCanonicalOrDamage(damaged), $"byte {at} changed by {damage}");
            }
        }
    }

    [Test]
    public void A_record_cut_short_or_too_long_is_damage()
    {
        var record = SessionCredentialRecord.Write(_samples.CreateFull().Credential);
        var lengths = Enumerable.Range(0, record.Length).Where(length => length != 2 * Sha256Hash.Size);

        foreach (var length in lengths)
        {
            Assert.That(() => SessionCredentialRecord.Read(record.AsSpan(0, length)), Throws.TypeOf<FormatException>(), $"{length} bytes");
        }

        Assert.That(() => SessionCredentialRecord.Read([.. record, 0]), Throws.TypeOf<FormatException>());
    }

    private static IEnumerable<string> Names() => CredentialVariations.Names;

    private static bool IsCanonicalOrDamage(byte[] record)
    {
        try
        {
            return SessionCredentialRecord.Write(SessionCredentialRecord.Read(record)).AsSpan().SequenceEqual(record);
        }
        catch (FormatException)
        {
            return true;
        }
    }
}
