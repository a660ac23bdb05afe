using NUnit.Framework;
using Sessions.Memory;
using Sessions.Testing;
using Sessions.Tests.Clients;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Identity;

public sealed class MutatedTokenTests
{
    private const int Mutations = 100_000;

    [Test]
    public async Task No_mutated_token_opens_a_session()
    {
        var clock = new ManualTimeProvider();
        var sessions = new SessionManager(
            new MemorySessionStore(time: clock),
            new SessionUpOptions { RandomFill = new SeededRandom(20_260_203).Fill },
            clock
        );
        var random = new SeededRandom(20_260_204);
        var (tokens, mutations) = await SignInAsync(sessions, random);
        var read = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var text = Next(random, tokens, mutations);
            if (!SessionToken.TryParse(text, out var token) || tokens.Contains(text))
            {
                continue;
            }

            read++;
            var verdict = await sessions.AuthAsync(token);
            Assert.That(verdict.IsAccepted, Is.False, text);
        }

        Assert.That(read, Is.GreaterThan(Mutations / 4), "Many look like tokens.");
        Assert.That((await sessions.AuthAsync(Read(tokens[0]))).IsAccepted, Is.True, "The original still opens its session.");
    }

    private static async Task<(string[] Tokens, MutatedText Mutations)> SignInAsync(SessionManager sessions, SeededRandom random)
    {
        var tokens = new string[4];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (await sessions.InitAsync($"user{i}")).Token.Reveal();
        }

        return (tokens, new(random, tokens));
    }

    /// <summary>
    /// Every second one keeps its length and alphabet: one character changed, or the head of one token on the tail of another.
    /// </summary>
    private static string Next(SeededRandom random, string[] tokens, MutatedText mutations)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var (one, other) = (tokens[random.Next(tokens.Length)], tokens[random.Next(tokens.Length)]);
        var at = random.Next(one.Length);
        return random.Next(4) switch
        {
            0 => ForgedToken.WithCheck(one[..at] + alphabet[random.Next(alphabet.Length)] + one[(at + 1)..]),
            1 => ForgedToken.WithCheck(one[..at] + other[at..]),
            _ => mutations.Next(),
        };
    }

    private static SessionToken Read(string text) => SessionToken.TryParse(text, out var token) ? token : throw new FormatException(text);
}
