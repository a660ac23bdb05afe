using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using NUnit.Framework;
using Sessions.Cookies.Protection;

namespace Sessions.Tests.Cookies;

public sealed class CookieProtectionTests
{
    private static readonly CookiePurpose Binding = new("visit", "__Host-visit");
    private static readonly CookieEnvelope Envelope = new(At(1_000), At(2_000), Encoding.UTF8.GetBytes("""{"count":1,"user":"ann"}"""));

    private static readonly IDataProtectionProvider Provider = new EphemeralDataProtectionProvider();

    [TestCase("data protection")]
    [TestCase("encrypted")]
    [TestCase("signed")]
    public void What_was_protected_is_opened_to_the_letter(string protection)
    {
        var opened = Create(protection, Binding).Unprotect(Create(protection, Binding).Protect(Envelope))!;

        Assert.That((opened.CreatedAt, opened.IssuedAt), Is.EqualTo((Envelope.CreatedAt, Envelope.IssuedAt)));
        Assert.That(opened.Json, Is.EqualTo(Envelope.Json));
    }

    [TestCase("data protection")]
    [TestCase("encrypted")]
    [TestCase("signed")]
    public void It_is_bound_to_the_sessions_and_the_cookie_and_to_where_one_name_ends(string protection)
    {
        var text = Create(protection, new CookiePurpose("ab", "c")).Protect(Envelope);

        Assert.That(Create(protection, new CookiePurpose("ab", "c")).Unprotect(text), Is.Not.Null);
        Assert.That(Create(protection, new CookiePurpose("ab", "d")).Unprotect(text), Is.Null);
        Assert.That(Create(protection, new CookiePurpose("b", "c")).Unprotect(text), Is.Null);
        Assert.That(Create(protection, new CookiePurpose("a", "bc")).Unprotect(text), Is.Null);
    }

    [TestCase("data protection")]
    [TestCase("encrypted")]
    [TestCase("signed")]
    public void The_text_needs_no_escaping_in_a_cookie(string protection)
    {
        var text = Create(protection, Binding).Protect(Envelope);

        Assert.That(Uri.EscapeDataString(text), Is.EqualTo(text).And.Not.Contains('~'));
    }

    [Test]
    public void The_first_key_writes_and_all_read()
    {
        var (old, next) = (CookieApp.Key("old"), CookieApp.Key("next"));
        foreach (
            var make in (Func<CookieKey[], CookieProtector>[])
                [keys => new EncryptedCookieProtector(Binding, keys), keys => new SignedCookieProtector(Binding, keys)]
        )
        {
            var before = make([old]).Protect(Envelope);
            var after = make([next, old]).Protect(Envelope);

            Assert.That(make([next, old]).Unprotect(before), Is.Not.Null, "old cookies are read");
            Assert.That(make([next]).Unprotect(after), Is.Not.Null, "new ones need the new key only");
            Assert.That(make([old]).Unprotect(after), Is.Null);
            Assert.That(make([next]).Unprotect(before), Is.Null, "once the old key is gone, so are its cookies");
        }
    }

    [Test]
    public void A_key_for_one_protection_opens_nothing_of_the_other()
    {
        var (signed, encrypted) = (
            new SignedCookieProtector(Binding, [CookieApp.Key()]),
            new EncryptedCookieProtector(Binding, [CookieApp.Key()])
        );

        Assert.That(signed.Unprotect(encrypted.Protect(Envelope)), Is.Null);
        Assert.That(encrypted.Unprotect(signed.Protect(Envelope)), Is.Null);
    }

    [Test]
    public void What_is_encrypted_never_repeats_and_shows_nothing()
    {
        var protection = new EncryptedCookieProtector(Binding, [CookieApp.Key()]);
        var texts = Enumerable.Range(0, 1_000).Select(_ => protection.Protect(Envelope)).ToList();
        var header = CookieText.Decode(texts[0])!.Take(CookieKeyRing.HeaderLength);

        Assert.That(texts, Is.Unique);
        Assert.That(texts.Select(text => CookieText.Decode(text)!.Take(CookieKeyRing.HeaderLength)), Is.All.EqualTo(header));
        Assert.That(
            texts.Select(text => Encoding.Latin1.GetString(CookieText.Decode(text)!)),
            Has.None.Contains("\"count\":").And.None.Contains("\"user\":")
        );
    }

    [Test]
    public void A_script_reads_what_is_signed_before_the_dot()
    {
        var text = new SignedCookieProtector(Binding, [CookieApp.Key()]).Protect(Envelope);

        using var data = JsonDocument.Parse(CookieText.Decode(text.Split('.')[0])!);

        Assert.That(data.RootElement.GetProperty("user").GetString(), Is.EqualTo("ann"));
    }

    [TestCase("AA", ExpectedResult = true)]
    [TestCase("AB", ExpectedResult = false, Description = "stray last bits")]
    [TestCase("AA==", ExpectedResult = false)]
    [TestCase("AA ", ExpectedResult = false)]
    [TestCase("A", ExpectedResult = false)]
    [TestCase("A+", ExpectedResult = false)]
    [TestCase("\u0391A", ExpectedResult = false)]
    public bool Text_is_read_to_the_letter(string text) => CookieText.Decode(text) is not null;

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static CookieProtector Create(string protection, CookiePurpose binding) =>
        protection switch
        {
            "encrypted" => new EncryptedCookieProtector(binding, [CookieApp.Key()]),
            "signed" => new SignedCookieProtector(binding, [CookieApp.Key()]),
            _ => new DataProtectionCookieProtector(binding, Provider),
        };
}
