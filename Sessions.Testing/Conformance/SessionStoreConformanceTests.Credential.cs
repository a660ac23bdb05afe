using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_rotation_replaces_the_secret_and_leaves_the_lineage()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var rotation = new SecretRotation
        {
            Expected = session.Credential.Secret,
            Next = Samples.NewHash(),
            Previous = session.Credential.Secret,
            At = Clock.UtcNow.AddMinutes(1),
        };

        var update = await Store.UpdateAsync(session.Id, new SessionPatch { Rotation = rotation }, Token);

        await AssertAppliedAsync(
            update,
            With(
                session,
                session.Credential with
                {
                    Secret = rotation.Next,
                    Previous = rotation.Previous,
                    RotatedAt = rotation.At,
                    ConfirmedAt = null,
                }
            )
        );
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_rotation_leaves_the_previous_secret_that_it_names_or_none(bool another)
    {
        var session = await CreateAsync(Samples.CreateFull());
        var previous = another ? Samples.NewHash() : (Sha256Hash?)null;
        var rotation = new SecretRotation
        {
            Expected = session.Credential.Secret,
            Next = Samples.NewHash(),
            Previous = previous,
            At = Clock.UtcNow,
        };

        var update = await Store.UpdateAsync(session.Id, new SessionPatch { Rotation = rotation }, Token);

        Assert.That(update.Session!.Credential.Previous, Is.EqualTo(previous));
        await AssertStoredAsync(update.Session);
    }

    [Test]
    public async Task Only_the_current_secret_is_rotated()
    {
        var session = await CreateAsync(Samples.CreateFull());
        foreach (var expected in new[] { session.Credential.Previous!.Value, session.Credential.Lineage, Samples.NewHash() })
        {
            var rotation = new SecretRotation
            {
                Expected = expected,
                Next = Samples.NewHash(),
                At = Clock.UtcNow,
            };

            var update = await Store.UpdateAsync(session.Id, new SessionPatch { Rotation = rotation }, Token);

            await AssertRejectedAsync(update, SessionUpdateOutcome.Conflict, session);
        }
    }

    [Test]
    public async Task A_rotation_is_applied_once()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var patch = new SessionPatch
        {
            Rotation = new()
            {
                Expected = session.Credential.Secret,
                Next = Samples.NewHash(),
                At = Clock.UtcNow,
            },
        };
        var rotated = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;

        await AssertRejectedAsync(await Store.UpdateAsync(session.Id, patch, Token), SessionUpdateOutcome.Conflict, rotated);
    }

    [Test]
    public async Task A_confirmation_is_stored()
    {
        var session = Samples.CreateFull();
        session = await CreateAsync(With(session, session.Credential with { ConfirmedAt = null }));
        var at = Clock.UtcNow.AddMilliseconds(5);

        var update = await ConfirmAsync(session, session.Credential.Secret, at);

        await AssertAppliedAsync(update, With(session, session.Credential with { ConfirmedAt = at }));
    }

    [Test]
    public async Task An_earlier_confirmation_of_the_same_secret_stays_and_counts_as_applied()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertAppliedAsync(await ConfirmAsync(session, session.Credential.Secret, Clock.UtcNow.AddHours(1)), session);
        await AssertAppliedAsync(await ConfirmAsync(session, session.Credential.Secret, Clock.UtcNow.AddHours(-1)), session);
    }

    [Test]
    public async Task Only_the_current_secret_is_confirmed()
    {
        var session = Samples.CreateFull();
        session = await CreateAsync(With(session, session.Credential with { ConfirmedAt = null }));

        await AssertRejectedAsync(
            await ConfirmAsync(session, session.Credential.Previous!.Value, Clock.UtcNow),
            SessionUpdateOutcome.Conflict,
            session
        );
        await AssertRejectedAsync(await ConfirmAsync(session, Samples.NewHash(), Clock.UtcNow), SessionUpdateOutcome.Conflict, session);
    }

    [Test]
    public async Task A_rotated_secret_is_confirmed_anew()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var next = Samples.NewHash();
        var at = Clock.UtcNow.AddMinutes(2);
        await Store.UpdateAsync(
            session.Id,
            new SessionPatch
            {
                Rotation = new()
                {
                    Expected = session.Credential.Secret,
                    Next = next,
                    At = Clock.UtcNow,
                },
            },
            Token
        );

        var update = await ConfirmAsync(session, next, at);

        Assert.That(update.Session!.Credential.ConfirmedAt, Is.EqualTo(at));
        await AssertStoredAsync(update.Session);
    }

    [Test]
    public async Task A_secret_that_is_confirmed_and_rotated_in_one_patch_leaves_the_new_one_unconfirmed()
    {
        var session = Samples.CreateFull();
        session = await CreateAsync(With(session, session.Credential with { ConfirmedAt = null }));
        var patch = new SessionPatch
        {
            Confirmation = new() { Secret = session.Credential.Secret, At = Clock.UtcNow },
            Rotation = new()
            {
                Expected = session.Credential.Secret,
                Next = Samples.NewHash(),
                Previous = session.Credential.Secret,
                At = Clock.UtcNow,
            },
        };

        var update = await Store.UpdateAsync(session.Id, patch, Token);

        await AssertAppliedAsync(update, patch.ApplyTo(session).Session!);
        Assert.That(update.Session!.Credential.ConfirmedAt, Is.Null);
    }

    [Test]
    public async Task Reauthentication_moves_the_end_of_a_session()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var end = new Reauthentication
        {
            At = Clock.UtcNow.AddMilliseconds(1),
            Method = "hwk",
            ExpiresAt = session.ExpiresAt.AddHours(1),
            EndsAt = session.EndsAt.AddDays(1),
        };

        await AssertReauthenticatedAsync(session, end);

        Clock.UtcNow = end.ExpiresAt - s_millisecond;
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.Not.Null);
        Clock.UtcNow = end.ExpiresAt;
        await AssertGoneAsync(session.Id);
    }

    [Test]
    public async Task Reauthentication_may_bring_the_end_of_a_session_nearer()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var end = new Reauthentication
        {
            At = Clock.UtcNow,
            ExpiresAt = Clock.UtcNow.AddMinutes(1),
            EndsAt = Clock.UtcNow.AddMinutes(2),
        };

        await AssertReauthenticatedAsync(session, end);

        Clock.UtcNow = end.ExpiresAt;
        await AssertGoneAsync(session.Id);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [Test]
    public async Task The_last_client_is_replaced_as_a_whole()
    {
        var session = await CreateAsync(Samples.CreateFull());

        var update = await Store.UpdateAsync(session.Id, new SessionPatch { LastClient = ClientInfo.Unknown }, Token);

        await AssertAppliedAsync(update, session with { LastClient = ClientInfo.Unknown });
    }

    private static Session With(Session session, SessionCredential credential) => session with { Credential = credential };

    private ValueTask<SessionUpdate> ConfirmAsync(Session session, Sha256Hash secret, DateTimeOffset at) =>
        Store.UpdateAsync(
            session.Id,
            new SessionPatch
            {
                Confirmation = new() { Secret = secret, At = at },
            },
            Token
        );

    private async Task AssertReauthenticatedAsync(Session session, Reauthentication again) =>
        await AssertAppliedAsync(
            await Store.UpdateAsync(session.Id, new SessionPatch { Reauthentication = again }, Token),
            session with
            {
                AuthenticatedAt = again.At,
                AuthenticationMethod = again.Method,
                ExpiresAt = again.ExpiresAt,
                EndsAt = again.EndsAt,
            }
        );
}
