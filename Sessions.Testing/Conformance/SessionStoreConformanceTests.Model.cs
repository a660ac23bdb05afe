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

        var expected = Random.Next(5) == 0 ? Samples.Rotate(session.Credential) : session.Credential;
        var next = Random.Next(2) == 0 ? Samples.Rotate(session.Credential) : session.Credential with { ConfirmedAt = Clock.UtcNow };
        return new()
        {
            Values = values,
            MaxValuesBytes = Random.Next(2) == 0 ? null : 30 + Random.Next(30),
            Credential = Random.Next(3) == 0 ? new() { Expected = expected, Next = next } : null,
            Tags = Random.Next(6) == 0 ? [new() { Name = "step", Value = $"{Random.Next(10)}" }] : [],
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
}
