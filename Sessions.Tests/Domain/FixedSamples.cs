using Sessions.Testing;

namespace Sessions.Tests.Domain;

/// <summary>One session, the same every time, in which every part is present.</summary>
internal static class FixedSamples
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 29, 1, 30, 0, 125, TimeSpan.Zero);

    public static Session Session() => new SampleSessions(new ManualTimeProvider(Now), new SeededRandom(7)).CreateFull();

    public static Sha256Hash Hash(string secret) => Sha256Hash.Compute(System.Text.Encoding.UTF8.GetBytes(secret));
}

/// <summary>What somebody makes who knows an id, which is public, and no secret.</summary>
internal static class ForgedToken
{
    public static SessionToken Create(SessionId id) =>
        SessionToken.TryParse($"{id}{SessionToken.Create(null).Reveal()[SessionId.Length..]}", out var token)
            ? token
            : throw new InvalidOperationException("An id and a secret are a token.");
}
