using System.Text.Json;
using NUnit.Framework;

namespace Sessions.Tests.Identity;

public sealed class Sha256HashTests
{
    // FIPS 180-4's example for the message "abc".
    private static readonly byte[] DigestOfAbc = Convert.FromHexString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Test]
    public void It_is_SHA_256() => Assert.That(Sha256Hash.Compute("abc"u8).ToArray(), Is.EqualTo(DigestOfAbc));

    [Test]
    public void A_stored_digest_comes_back_equal()
    {
        var hash = new Sha256Hash(DigestOfAbc);
        var copy = new byte[Sha256Hash.Size + 1];
        hash.CopyTo(copy);

        Assert.That(hash, Is.EqualTo(Sha256Hash.Compute("abc"u8)));
        Assert.That(hash.GetHashCode(), Is.EqualTo(Sha256Hash.Compute("abc"u8).GetHashCode()));
        Assert.That(copy, Is.EqualTo((byte[])[.. DigestOfAbc, 0]));
    }

    [Test]
    public void Hashes_that_differ_in_any_one_bit_differ()
    {
        for (var bit = 0; bit < Sha256Hash.Size * 8; bit++)
        {
            var digest = DigestOfAbc.ToArray();
            digest[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.That(new Sha256Hash(digest) == new Sha256Hash(DigestOfAbc), Is.False, $"bit {bit}");
            Assert.That(new Sha256Hash(digest) != new Sha256Hash(DigestOfAbc), Is.True, $"bit {bit}");
        }
    }

    [TestCase(0)]
    [TestCase(31)]
    [TestCase(33)]
    public void A_digest_of_another_length_is_refused(int length) =>
        Assert.That(() => new Sha256Hash(new byte[length]), Throws.ArgumentException.With.Message.Contains($"{length}"));

    [Test]
    public void Changing_the_callers_bytes_changes_no_hash()
    {
        var digest = DigestOfAbc.ToArray();
        var hash = new Sha256Hash(digest);

        digest[0] ^= 1;
        hash.ToArray()[0] ^= 1;

        Assert.That(hash, Is.EqualTo(Sha256Hash.Compute("abc"u8)));
    }

    [Test]
    public void It_never_prints()
    {
        Assert.That($"{Sha256Hash.Compute("abc"u8)}", Is.EqualTo("(hash)"));
        Assert.That(JsonSerializer.Serialize(Sha256Hash.Compute("abc"u8)), Is.EqualTo("{}"));
    }
}
