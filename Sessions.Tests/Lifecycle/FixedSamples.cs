using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <summary>One session, the same every time, in which every part is present.</summary>
internal static class FixedSamples
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 29, 1, 30, 0, 125, TimeSpan.Zero);

    public static Session Session() => new SampleSessions(new ManualTimeProvider(Now), new SeededRandom(7)).CreateFull();

    public static Sha256Hash Hash(string secret) => Sha256Hash.Compute(Encoding.UTF8.GetBytes(secret));
}

/// <summary>Tokens as an attacker makes them who knows an id, which is public, and the form of a token.</summary>
internal static class ForgedToken
{
    /// <summary>A token for an id, with a lineage and a secret of its own.</summary>
    public static SessionToken Create(SessionId id) =>
        SessionToken.TryParse(WithCheck($"{id}{SessionToken.Create(null).Reveal()[SessionId.Length..]}"), out var token)
            ? token
            : throw new InvalidOperationException("An id, a lineage, a secret and their check are a token.");

    /// <summary>The text with the check that its other characters ask for.</summary>
    public static string WithCheck(string text)
    {
        const int checkLength = 4;
        var rest = text[..^checkLength];
        return rest + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))[..checkLength];
    }
}
