using System.Buffers.Text;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Identity;

public sealed class SessionTokenTests
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private const string Id = "SZF9AZaz0123456789abcdEF";
    private const string Lineage = "-_lineage01";
    private const string Generation = "AAED";
    private const string Secret = "rotating-secret_ABCdef";
    private const string Unchecked = Id + Lineage + Generation + Secret;

    private static readonly string s_text = ForgedToken.WithCheck(Unchecked + "....");

    [Test]
    public void A_token_is_65_characters_that_begin_with_the_id()
    {
        var token = SessionToken.Create("ann");

        Assert.That(token.Reveal(), Has.Length.EqualTo(65).And.StartsWith(token.Id.ToString()).And.Match("^[A-Za-z0-9_-]*$"));
    }

    [Test]
    public void Tokens_of_one_user_differ_in_id_lineage_and_secret()
    {
        var (one, other) = (SessionToken.Create("ann"), SessionToken.Create("ann"));

        Assert.That(one, Is.Not.EqualTo(other));
        Assert.That(one.Id, Is.Not.EqualTo(other.Id));
        Assert.That(one.LineageHash, Is.Not.EqualTo(other.LineageHash));
        Assert.That(one.Hash, Is.Not.EqualTo(other.Hash));
    }

    [Test]
    public void A_revealed_token_reads_back()
    {
        Assert.That(Read(s_text).Reveal(), Is.EqualTo(s_text));
        for (var i = 0; i < 200; i++)
        {
            var token = SessionToken.Create(null);

            Assert.That(Read(token.Reveal()), Is.EqualTo(token));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(Id)]
    [TestCase(Unchecked, Description = "too short")]
    [TestCase(Unchecked + "AAAA", Description = "another check")]
    [TestCase(" SZF9AZaz0123456789abcdE" + Lineage + Generation + Secret)]
    [TestCase(Id + "+/lineage01" + Generation + Secret, Description = "the alphabet of RFC 4648 section 4")]
    [TestCase(Id + Lineage + Generation + "rotating secret_ABCdef", Description = "white space")]
    [TestCase(Id + Lineage + Generation + "rotating\nsecret_ABCdef", Description = "white space that base64 decoders skip")]
    [TestCase(Id + Lineage + Generation + "rotating-secret_ABCdé")]
    [TestCase(Id + Lineage + Generation + "rotating-secret_ABCde=", Description = "padding")]
    public void Anything_but_65_url_safe_characters_with_their_check_is_no_token(string? text)
    {
        foreach (
            var candidate in new[]
            {
                text,
                text is { Length: > 4 } ? ForgedToken.WithCheck(text + (text == Unchecked ? "" : "....")) : text,
            }
        )
        {
            Assert.That(SessionToken.TryParse(candidate, out var token), Is.False, candidate);
            Assert.That(token, Is.EqualTo(default(SessionToken)));
        }
    }

    [Test]
    public void A_token_has_nothing_before_it_and_nothing_behind_it()
    {
        foreach (var text in new[] { " " + s_text, s_text + " ", s_text + "\n", s_text + "=", s_text + "A", $"\"{s_text}\"" })
        {
            Assert.That(SessionToken.TryParse(text, out _), Is.False, text);
        }
    }

    [Test]
    public void The_hashes_are_SHA_256_of_the_lineage_and_of_the_whole_token()
    {
        var token = Read(s_text);

        Assert.That(token.LineageHash, Is.EqualTo(Sha256Hash.Compute(Encoding.ASCII.GetBytes(Lineage))));
        Assert.That(token.Hash, Is.EqualTo(Sha256Hash.Compute(Encoding.ASCII.GetBytes(s_text))));
        Assert.That(token.Generation, Is.EqualTo(0x103));
        Assert.That(
            SessionCredential.Create(token),
            Is.EqualTo(new SessionCredential { Lineage = token.LineageHash, Current = token.Hash })
        );
    }

    [Test]
    public void The_next_token_is_derived_from_the_salt_and_this_one()
    {
        var (token, salt) = (Read(s_text), new CredentialSalt(SHA256.HashData([7])));

        var next = token.Derive(salt);

        var secret = Base64Url.EncodeToString(HMACSHA256.HashData(SHA256.HashData([7]), Encoding.ASCII.GetBytes(s_text)))[..22];
        Assert.That(next.Reveal(), Is.EqualTo(ForgedToken.WithCheck(Id + Lineage + "AAEE" + secret + "....")));
        Assert.That(token.Derive(salt), Is.EqualTo(next), "The same each time.");
        Assert.That(token.Derive(new CredentialSalt(SHA256.HashData([8]))), Is.Not.EqualTo(next));
    }

    [Test]
    public void A_text_that_differs_in_any_one_character_is_no_token()
    {
        for (var i = 0; i < s_text.Length; i++)
        {
            Assert.That(
                SessionToken.TryParse(s_text[..i] + (s_text[i] == 'x' ? 'y' : 'x') + s_text[(i + 1)..], out _),
                Is.False,
                $"character {i}"
            );
        }
    }

    [Test]
    public void Only_Reveal_returns_the_secret()
    {
        var token = Read(s_text);
        string[] prints =
        [
            token.ToString(),
            $"{token}",
            string.Format(null, "{0}", token),
            new StringBuilder().Append(token).ToString(),
            JsonSerializer.Serialize(token),
            JsonSerializer.Serialize(token, WithFields),
            JsonSerializer.Serialize(new { token }),
            new IssuedSession { Session = FixedSamples.Session(), Token = token }.ToString(),
        ];

        Assert.That(prints, Has.All.Not.Contain(Lineage).And.All.Not.Contain(Secret));
        Assert.That(token.ToString(), Is.EqualTo($"{Id}(redacted)"));
    }

    [Test]
    public void A_debugger_shows_what_ToString_says()
    {
        var display = typeof(SessionToken).GetCustomAttribute<DebuggerDisplayAttribute>();

        Assert.That(display?.Value, Is.EqualTo("{ToString(),nq}"));
    }

    private static SessionToken Read(string text) => SessionToken.TryParse(text, out var token) ? token : throw new FormatException(text);
}
