using Sessions.Testing;

namespace Sessions.Tests.Domain;

/// <summary>One session, the same every time, in which every part is present.</summary>
internal static class FixedSamples
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 29, 1, 30, 0, 125, TimeSpan.Zero);

    public static Session Session() => new SampleSessions(new ManualTimeProvider(Now), new SeededRandom(7)).CreateFull();

    public static Sha256Hash Hash(string secret) => Sha256Hash.Compute(System.Text.Encoding.UTF8.GetBytes(secret));
}
