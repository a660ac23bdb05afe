using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_rotation_replaces_the_credential_as_a_whole()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var next = Samples.Rotate(session.Credential);

        await AssertAppliedAsync(await ChangeAsync(session, session.Credential, next), With(session, next));
    }

    [Test]
    public async Task A_first_rotation_is_stored()
    {
        var session = await CreateAsync(Samples.Create());
        var next = Samples.Rotate(session.Credential);

        await AssertAppliedAsync(await ChangeAsync(session, session.Credential, next), With(session, next));
    }

    [Test]
    public async Task A_change_that_keeps_the_secret_is_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var next = session.Credential with { ConfirmedAt = Clock.UtcNow.AddMilliseconds(5), Salt = null };

        await AssertAppliedAsync(await ChangeAsync(session, session.Credential, next), With(session, next));
    }

    [TestCaseSource(nameof(CredentialNames))]
    public async Task A_change_of_a_credential_that_differs_in_any_part_is_a_conflict(string name)
    {
        var session = await CreateAsync(Samples.CreateFull());
        var expected = CredentialVariations.Create(name, session.Credential, Samples);

        await AssertRejectedAsync(
            await ChangeAsync(session, expected, Samples.Rotate(session.Credential)),
            SessionUpdateOutcome.Conflict,
            session
        );
    }

    [TestCaseSource(nameof(CredentialNames))]
    public async Task A_change_of_any_credential_is_applied(string name)
    {
        var session = Samples.CreateFull();
        session = await CreateAsync(With(session, CredentialVariations.Create(name, session.Credential, Samples)));
        var next = Samples.Rotate(session.Credential with { Generation = 7 });

        await AssertAppliedAsync(await ChangeAsync(session, session.Credential, next), With(session, next));
    }

    [Test]
    public async Task A_change_of_the_credential_is_applied_once()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var next = Samples.Rotate(session.Credential);
        var rotated = (await ChangeAsync(session, session.Credential, next)).Session!;

        await AssertRejectedAsync(await ChangeAsync(session, session.Credential, next), SessionUpdateOutcome.Conflict, rotated);
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
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Not.Null);
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

    private static IEnumerable<string> CredentialNames() => CredentialVariations.Names;

    private ValueTask<SessionUpdate> ChangeAsync(Session session, SessionCredential expected, SessionCredential next) =>
        Store.UpdateAsync(
            session.Id,
            new SessionPatch
            {
                Credential = new() { Expected = expected, Next = next },
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
