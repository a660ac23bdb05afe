using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace Sessions.Tests.Domain;

public sealed class SessionTokenTests
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    private const string Id = "SZF9AZaz0123456789abcdEF";
    private const string Lineage = "-_lineage01";
    private const string Rotating = "rotating-secret_ABCde";
    private const string Text = Id + Lineage + Rotating;

    [Test]
    public void A_token_is_56_characters_that_begin_with_the_id()
    {
        var token = SessionToken.Create("ann");

        Assert.That(token.Reveal(), Has.Length.EqualTo(56).And.StartsWith(token.Id.ToString()).And.Match("^[A-Za-z0-9_-]*$"));
    }

    [Test]
    public void Tokens_of_one_user_differ_in_id_lineage_and_secret()
    {
        var (one, other) = (SessionToken.Create("ann"), SessionToken.Create("ann"));

        Assert.That(one, Is.Not.EqualTo(other));
        Assert.That(one.Id, Is.Not.EqualTo(other.Id));
        Assert.That(one.LineageHash, Is.Not.EqualTo(other.LineageHash));
        Assert.That(one.SecretHash, Is.Not.EqualTo(other.SecretHash));
    }

    [Test]
    public void A_revealed_token_reads_back()
    {
        Assert.That(Read(Text).Reveal(), Is.EqualTo(Text));
        for (var i = 0; i < 200; i++)
        {
            var token = SessionToken.Create(null);

            Assert.That(Read(token.Reveal()), Is.EqualTo(token));
        }
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(Id)]
    [TestCase(Id + Lineage + "rotating-secret_ABCd", Description = "too short")]
    [TestCase(Text + "A", Description = "too long")]
    [TestCase(Id + Lineage + "rotating-secret_ABCd=", Description = "padding")]
    [TestCase(Text + "=", Description = "padding after it")]
    [TestCase(" " + Text)]
    [TestCase(Text + " ")]
    [TestCase(Text + "\n")]
    [TestCase(Id + Lineage + "rotating secret_ABCde")]
    [TestCase(Id + Lineage + "rotating\nsecret_ABCde", Description = "white space that base64 decoders skip")]
    [TestCase(" SZF9AZaz0123456789abcdE" + Lineage + Rotating)]
    [TestCase(Id + "+/lineage01" + Rotating, Description = "the alphabet of RFC 4648 section 4")]
    [TestCase(Id + Lineage + "rotating-secret_ABCdé")]
    [TestCase("\"" + Id + Lineage + "rotating-secret_ABC\"")]
    public void Anything_but_56_url_safe_characters_is_no_token(string? text)
    {
        Assert.That(SessionToken.TryParse(text, out var token), Is.False);
        Assert.That(token, Is.EqualTo(default(SessionToken)));
    }

    [Test]
    public void The_hashes_are_SHA_256_of_the_lineage_and_of_the_whole_secret()
    {
        var token = Read(Text);

        Assert.That(token.LineageHash, Is.EqualTo(Sha256Hash.Compute(Encoding.ASCII.GetBytes(Lineage))));
        Assert.That(token.SecretHash, Is.EqualTo(Sha256Hash.Compute(Encoding.ASCII.GetBytes(Lineage + Rotating))));
        Assert.That(
            SessionCredential.Create(token),
            Is.EqualTo(new SessionCredential { Lineage = token.LineageHash, Secret = token.SecretHash })
        );
    }

    [Test]
    public void Tokens_that_differ_in_any_one_character_differ()
    {
        for (var i = 0; i < Text.Length; i++)
        {
            var other = Read(Text[..i] + (Text[i] == 'x' ? 'y' : 'x') + Text[(i + 1)..]);

            Assert.That(other == Read(Text), Is.False, $"character {i}");
            Assert.That(other != Read(Text), Is.True, $"character {i}");
        }
    }

    [Test]
    public void Only_Reveal_returns_the_secret()
    {
        var token = Read(Text);
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

        Assert.That(prints, Has.All.Not.Contain(Lineage).And.All.Not.Contain(Rotating));
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
