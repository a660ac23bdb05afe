using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>What <see cref="SessionPatch.ApplyTo"/> means is said in SQL a second time.</summary>
public sealed class PostgresPatchTests
{
    private static readonly string[] Keys = ["", "a", "A", "ä", "\"{[,']}\"", "\u0001\ud83d\ude00"];
    private static readonly string[] Texts = ["", "1", "01", "null", "\\u0041", "ß ẞ \ufffe", "\ud83d\ude00", "Ω\r\n\t\u007f"];

    [Test]
    public async Task A_patch_in_SQL_does_what_ApplyTo_does()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        var clock = new ManualTimeProvider();
        var random = SeededRandom.Create();
        var samples = new SampleSessions(clock, random);
        await using var store = new PostgresSessionStore(schema.Options, clock);
        var outcomes = new Dictionary<SessionUpdateOutcome, int>();

        for (var i = 0; i < 20; i++)
        {
            var session = random.Next(2) == 0 ? samples.Create() : samples.CreateFull();
            await store.CreateAsync(session, null, CancellationToken.None);
            for (var j = 0; j < 50; j++)
            {
                var patch = NextPatch(random, samples, session);
                var expected = patch.ApplyTo(session);
                var update = await store.UpdateAsync(session.Id, patch, CancellationToken.None);

                Assert.That(
                    (update.Outcome, update.Session, update.Removed),
                    Is.EqualTo((expected.Outcome, expected.Session, expected.Removed)),
                    () => $"{SeededRandom.SeedVariable}={random.Seed}, {i}/{j}: {patch}"
                );
                Assert.That(await store.FetchSessionAsync(session.Id, CancellationToken.None), Is.EqualTo(update.Session));
                outcomes[update.Outcome] = outcomes.GetValueOrDefault(update.Outcome) + 1;
                session = update.Session!;
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.That(
            outcomes.Keys,
            Is.EquivalentTo([SessionUpdateOutcome.Applied, SessionUpdateOutcome.Conflict, SessionUpdateOutcome.TooLarge]),
            "The patches were too much alike to prove anything."
        );
    }

    private static SessionPatch NextPatch(SeededRandom random, SampleSessions samples, Session session)
    {
        var values = ValuesPatch.Empty;
        for (var i = random.Next(4); i > 0; i--)
        {
            values = random.Next(3) == 0 ? values.Remove(Pick(Keys)) : values.Set(Pick(Keys), Pick(Texts));
        }

        if (random.Next(3) == 0)
        {
            var key = Pick(Keys);
            values = values.Expect(key, random.Next(4) == 0 ? Pick(Texts) : session.Values.GetValueOrDefault(key));
        }

        var expected = random.Next(5) == 0 ? samples.Rotate(session.Credential) : session.Credential;
        var at = session.CreatedAt.AddMilliseconds(random.Next(100_000));
        return new()
        {
            Values = values,
            MaxValuesBytes = random.Next(2) == 0 ? 8 + random.Next(24) : null,
            Credential = random.Next(3) == 0 ? new() { Expected = expected, Next = samples.Rotate(session.Credential) } : null,
            LastClient =
                random.Next(6) == 0 ? ClientInfo.Unknown
                : random.Next(4) == 0 ? samples.NewClient()
                : null,
            Reauthentication =
                random.Next(4) == 0
                    ? new()
                    {
                        At = at,
                        Method = random.Next(2) == 0 ? "otp" : null,
                        ExpiresAt = at.AddHours(1),
                        EndsAt = at.AddHours(2 + random.Next(9)),
                    }
                    : null,
        };

        string Pick(string[] texts) => texts[random.Next(texts.Length)];
    }
}
