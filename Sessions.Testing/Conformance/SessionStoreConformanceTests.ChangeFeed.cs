using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_rotation_is_published_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var rotation = new CredentialChange { Expected = session.Credential, Next = Samples.Rotate(session.Credential) };

        await AssertPublishedAsync(session.Id, SessionChangeKind.Changed, () => UpdateAsync(session, new() { Credential = rotation }));
    }

    [Test]
    public async Task Values_that_are_set_or_removed_are_published_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertPublishedAsync(
            session.Id,
            SessionChangeKind.Changed,
            () => UpdateAsync(session, new() { Values = ValuesPatch.Empty.Set("colour", "green") })
        );
        await AssertPublishedAsync(
            session.Id,
            SessionChangeKind.Changed,
            () => UpdateAsync(session, new() { Values = ValuesPatch.Empty.Remove("colour") })
        );
    }

    [Test]
    public async Task A_reauthentication_is_published_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var proof = new Reauthentication
        {
            At = Clock.UtcNow,
            Method = "otp",
            ExpiresAt = session.ExpiresAt.AddHours(1),
            EndsAt = session.EndsAt.AddHours(1),
        };

        await AssertPublishedAsync(session.Id, SessionChangeKind.Changed, () => UpdateAsync(session, new() { Reauthentication = proof }));
    }

    [Test]
    public async Task Tags_that_are_added_are_published_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertPublishedAsync(session.Id, SessionChangeKind.Changed, () => UpdateAsync(session, new() { Tags = [s_tag] }));
    }

    [Test]
    public async Task Creating_reading_touching_and_recording_the_client_are_not_published()
    {
        _ = RequireFeed();
        var session = await CreateAsync(Samples.CreateFull());

        await AssertNothingPublishedAsync(async () =>
        {
            await CreateAsync(Samples.Create());
            await Store.CreateAsync(Samples.Create(), new() { Max = 9, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token);
            await Store.FetchSessionAsync(session.Id, Token);
            await Store.FetchAllAsync("ann", Token);
            await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
            await UpdateAsync(session, new());
            await UpdateAsync(session, new() { LastClient = Samples.NewClient() });
            await UpdateAsync(
                session,
                new()
                {
                    Credential = new()
                    {
                        Expected = session.Credential,
                        Next = session.Credential with { ConfirmedAt = Clock.UtcNow.AddSeconds(1) },
                    },
                }
            );
        });
    }

    [Test]
    public async Task What_was_not_applied_is_not_published()
    {
        _ = RequireFeed();
        var session = await CreateAsync(Samples.CreateFull());
        var set = ValuesPatch.Empty.Set("colour", "green");

        await AssertNothingPublishedAsync(async () =>
        {
            var stale = Samples.Rotate(session.Credential);
            var rotation = new CredentialChange { Expected = stale, Next = Samples.Rotate(stale) };
            await UpdateAsync(session, new() { Credential = rotation }, SessionUpdateOutcome.Conflict);
            await UpdateAsync(session, new() { Values = set.Expect("theme", "light") }, SessionUpdateOutcome.Conflict);
            await UpdateAsync(session, new() { Values = set, MaxValuesBytes = 1 }, SessionUpdateOutcome.TooLarge);
            await UpdateAsync(Samples.Create(), new() { Values = set }, SessionUpdateOutcome.Gone);
            await Store.DeleteAsync(Samples.NewId("ann"), Token);
            await Store.DeleteAllAsync("stranger", null, Token);
            await Store.DeleteByTagAsync(Samples.NewTag(), Token);
            await Store.DeleteAllAsync("ann", Samples.NewId("ann"), Token);
            await AssertDuplicateAsync(session, new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed });
            await Assert.ThatAsync(
                async () =>
                    await Store.CreateAsync(
                        Samples.Create() with
                        {
                            IsBearer = session.IsBearer,
                        },
                        new() { Max = 1, Policy = SessionLimitPolicy.Refuse },
                        Token
                    ),
                Throws.TypeOf<SessionLimitException>()
            );
        });
    }

    [Test]
    public async Task What_expires_and_is_swept_is_not_published()
    {
        _ = RequireFeed();
        var session = await CreateAsync(Samples.Create());
        Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion;

        await AssertNothingPublishedAsync(async () =>
        {
            await Store.FetchSessionAsync(session.Id, Token);
            await Store.FetchAllAsync("ann", Token);
            await UpdateAsync(session, new() { Values = ValuesPatch.Empty.Set("a", "b") }, SessionUpdateOutcome.Gone);
            await Store.CreateAsync(Samples.Create(), new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token);
            await Store.DeleteExpiredAsync(1000, Token);
        });
    }

    [Test]
    public async Task What_one_node_does_is_published_on_the_other_and_can_be_read_there()
    {
        _ = RequireFeed();
        var other = await AddNodeAsync(TimeSpan.Zero);
        var (changed, ended) = (await CreateAsync(Samples.Create()), await CreateAsync(Samples.Create()));
        var listener = new RecordingChangeListener();
        using var subscription = other.ChangeFeed!.Subscribe(listener);
        await listener.WaitForConnectionsAsync(1, Token);

        var updating = UpdateAsync(changed, new() { Values = ValuesPatch.Empty.Set("a", "b") });
        await listener.WaitForChangeAsync(changed.Id, Token);
        Assert.That((await other.FetchSessionAsync(changed.Id, Token))!.Values, Does.ContainKey("a"));
        var deleting = Store.DeleteAsync(ended.Id, Token).AsTask();
        await listener.WaitForChangeAsync(ended.Id, Token);
        Assert.That(await other.FetchSessionAsync(ended.Id, Token), Is.Null);

        await Task.WhenAll(updating, deleting);
        Assert.That(listener.Changes, Is.EqualTo([new SessionChange { Id = changed.Id, Kind = SessionChangeKind.Changed }, Ended(ended)]));
    }

    private static SessionChange Ended(Session session) => new() { Id = session.Id, Kind = SessionChangeKind.Ended };

    private async Task UpdateAsync(Session session, SessionPatch patch, SessionUpdateOutcome outcome = SessionUpdateOutcome.Applied) =>
        Assert.That((await Store.UpdateAsync(session.Id, patch, Token)).Outcome, Is.EqualTo(outcome));

    private Task AssertPublishedAsync(SessionId id, SessionChangeKind kind, Func<Task> act) =>
        AssertPublishedAsync([new() { Id = id, Kind = kind }], act);

    private Task AssertNothingPublishedAsync(Func<Task> act) => AssertPublishedAsync([], act);

    private async Task AssertPublishedAsync(IEnumerable<SessionChange> expected, Func<Task> act)
    {
        var listener = new RecordingChangeListener();
        using var subscription = RequireFeed().Subscribe(listener);
        await listener.WaitForConnectionsAsync(1, Token);
        // A change from before may be delivered once more.
        var first = await PublishMarkerAsync(listener);
        await act();
        var last = await PublishMarkerAsync(listener);
        // Two messages may overtake each other by a moment.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Token);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(expected.Select(change => listener.WaitForChangeAsync(change.Id, late.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var told = listener.Changes.SkipWhile(change => change.Id != first).Where(change => change.Id != first && change.Id != last);
        Assert.That(told, Is.EquivalentTo(expected));
    }

    /// <summary>Ends a session that has no other purpose: when its end is delivered, every message before it was sent.</summary>
    private async Task<SessionId> PublishMarkerAsync(RecordingChangeListener listener)
    {
        var mark = await CreateAsync(Samples.Create("marker"));
        await Store.DeleteAsync(mark.Id, Token);
        await listener.WaitForChangeAsync(mark.Id, Token);
        return mark.Id;
    }
}
