using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task Any_row_of_patches_and_touches_does_what_ApplyTo_says()
    {
        var session = await CreateAsync(Samples.CreateFull());
        for (var step = 0; step < 200; step++)
        {
            if (Random.Next(4) == 0)
            {
                var touch = Touch(session, TimeSpan.FromSeconds(Random.Next(20) - 10));
                await Store.TouchAsync([touch], Token);
                session = touch.ApplyTo(session);
                await AssertStoredAsync(session, $"Step {step}.");
                continue;
            }

            var patch = AnyPatch(session);
            var expected = patch.ApplyTo(session);
            var update = await Store.UpdateAsync(session.Id, patch, Token);
            Assert.That(
                update,
                Is.EqualTo(expected),
                () => $"Step {step}. {SessionDifference.Describe(expected.Session!, update.Session)}"
            );
            session = expected.Session!;
            await AssertStoredAsync(session, $"Step {step}.");
        }
    }

    private SessionPatch AnyPatch(Session session)
    {
        var values = ValuesPatch.Empty;
        for (var changes = Random.Next(4); changes > 0; changes--)
        {
            values = Random.Next(3) == 0 ? values.Remove(AnyKey()) : values.Set(AnyKey(), new string('v', Random.Next(12)));
        }

        if (Random.Next(3) == 0)
        {
            var key = AnyKey();
            values = values.Expect(key, Random.Next(4) == 0 ? null : session.Values.GetValueOrDefault(key));
        }

        var secret = Random.Next(5) == 0 ? Samples.NewHash() : session.Credential.Secret;
        return new()
        {
            Values = values,
            MaxValuesBytes = Random.Next(2) == 0 ? null : 30 + Random.Next(30),
            Rotation =
                Random.Next(4) == 0
                    ? new()
                    {
                        Expected = secret,
                        Next = Samples.NewHash(),
                        Previous = AnyPrevious(session),
                        At = Clock.UtcNow.AddSeconds(Random.Next(99)),
                    }
                    : null,
            Confirmation = Random.Next(4) == 0 ? new() { Secret = secret, At = Clock.UtcNow.AddSeconds(Random.Next(99)) } : null,
            LastClient = Random.Next(4) == 0 ? Samples.NewClient() : null,
            Reauthentication =
                Random.Next(6) == 0
                    ? new()
                    {
                        At = Clock.UtcNow,
                        Method = Random.Next(2) == 0 ? null : "pwd",
                        ExpiresAt = Clock.UtcNow.AddMinutes(20 + Random.Next(20)),
                        EndsAt = Clock.UtcNow.AddDays(2),
                    }
                    : null,
        };
    }

    private string AnyKey() => HostileText.LookAlikes[Random.Next(6)];

    private Sha256Hash? AnyPrevious(Session session) =>
        Random.Next(3) switch
        {
            0 => null,
            1 => session.Credential.Previous,
            _ => session.Credential.Secret,
        };
}
