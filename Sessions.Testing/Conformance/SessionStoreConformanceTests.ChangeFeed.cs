using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_rotation_is_published_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var rotation = new SecretRotation
        {
            Expected = session.Credential.Secret,
            Next = Samples.NewHash(),
            At = Clock.UtcNow,
        };

        await AssertPublishedAsync(session.Id, SessionChangeKind.Changed, () => UpdateAsync(session, new() { Rotation = rotation }));
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
    public async Task A_deletion_is_published_as_an_end()
    {
        var user = await CreateAsync(Samples.Create());
        var visitor = await CreateAsync(Samples.Create(userKey: null));

        await AssertPublishedAsync(user.Id, SessionChangeKind.Ended, async () => await Store.DeleteAsync(user.Id, Token));
        await AssertPublishedAsync(visitor.Id, SessionChangeKind.Ended, async () => await Store.DeleteAsync(visitor.Id, Token));
    }

    [Test]
    public async Task A_deletion_by_a_node_whose_clock_is_ahead_is_published_too()
    {
        _ = RequireFeed();
        var ahead = await AddNodeAsync(SampleSessions.Lifetime * 2);
        var (first, second) = (await CreateAsync(Samples.Create()), await CreateAsync(Samples.Create()));

        await AssertPublishedAsync(first.Id, SessionChangeKind.Ended, async () => await ahead.DeleteAsync(first.Id, Token));
        await AssertPublishedAsync(second.Id, SessionChangeKind.Ended, async () => await ahead.DeleteAllAsync("ann", null, Token));
    }

    [Test]
    public async Task Delete_all_publishes_every_session_but_the_spared_one()
    {
        _ = RequireFeed();
        var sessions = await CreateManyAsync(5);
        var other = await CreateAsync(Samples.Create("bob"));
        var spared = sessions[2].Id;

        await AssertPublishedAsync(
            sessions.Where(session => session.Id != spared).Select(Ended),
            async () => await Store.DeleteAllAsync("ann", spared, Token)
        );
        await AssertPublishedAsync(spared, SessionChangeKind.Ended, async () => await Store.DeleteAllAsync("ann", null, Token));
        await AssertStoredAsync(other);
    }

    [Test]
    public async Task Delete_all_of_thousands_publishes_each()
    {
        _ = RequireFeed();
        var sessions = await CreateManyAsync(2500);

        await AssertPublishedAsync(sessions.Select(Ended), async () => await Store.DeleteAllAsync("ann", null, Token));
    }

    [Test]
    public async Task What_a_limit_ends_is_published()
    {
        _ = RequireFeed();
        var sessions = await CreateManyAsync(4);
        var next = CreatedLater(Samples.Create(), sessions.Length);

        await AssertPublishedAsync(
            sessions[..2].Select(Ended),
            async () => await Store.CreateAsync(next, new() { Max = 3, Policy = SessionLimitPolicy.EndOldest }, Token)
        );
    }

    [Test]
    public async Task Creating_reading_touching_and_recording_the_client_are_not_published()
    {
        _ = RequireFeed();
        var session = await CreateAsync(Samples.CreateFull());

        await AssertNothingPublishedAsync(async () =>
        {
            await CreateAsync(Samples.Create());
            await Store.CreateAsync(Samples.Create(), new() { Max = 9, Policy = SessionLimitPolicy.EndOldest }, Token);
            await Store.FetchAsync(session.Id, Token);
            await Store.FetchAllAsync("ann", Token);
            await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
            await UpdateAsync(session, new());
            await UpdateAsync(session, new() { LastClient = Samples.NewClient() });
            await UpdateAsync(
                session,
                new()
                {
                    Confirmation = new() { Secret = session.Credential.Secret, At = Clock.UtcNow },
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
            var rotation = new SecretRotation
            {
                Expected = Samples.NewHash(),
                Next = Samples.NewHash(),
                At = Clock.UtcNow,
            };
            await UpdateAsync(session, new() { Rotation = rotation }, SessionUpdateOutcome.Conflict);
            await UpdateAsync(session, new() { Values = set.Expect("theme", "light") }, SessionUpdateOutcome.Conflict);
            await UpdateAsync(session, new() { Values = set, MaxValuesBytes = 1 }, SessionUpdateOutcome.TooLarge);
            await UpdateAsync(Samples.Create(), new() { Values = set }, SessionUpdateOutcome.Gone);
            await Store.DeleteAsync(Samples.NewId("ann"), Token);
            await Store.DeleteAllAsync("stranger", null, Token);
            await Store.DeleteAllAsync("ann", Samples.NewId("ann"), Token);
            await AssertDuplicateAsync(session, new() { Max = 1, Policy = SessionLimitPolicy.EndOldest });
            await Assert.ThatAsync(
                async () => await Store.CreateAsync(Samples.Create(), new() { Max = 1, Policy = SessionLimitPolicy.Refuse }, Token),
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
            await Store.FetchAsync(session.Id, Token);
            await Store.FetchAllAsync("ann", Token);
            await UpdateAsync(session, new() { Values = ValuesPatch.Empty.Set("a", "b") }, SessionUpdateOutcome.Gone);
            await Store.CreateAsync(Samples.Create(), new() { Max = 1, Policy = SessionLimitPolicy.EndOldest }, Token);
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
        Assert.That((await other.FetchAsync(changed.Id, Token))!.Values, Does.ContainKey("a"));
        var deleting = Store.DeleteAsync(ended.Id, Token).AsTask();
        await listener.WaitForChangeAsync(ended.Id, Token);
        Assert.That(await other.FetchAsync(ended.Id, Token), Is.Null);

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
        // What was on its way before may be told once more.
        var first = await PublishMarkerAsync(listener);
        await act();
        var last = await PublishMarkerAsync(listener);
        // News may overtake each other by a moment.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Token);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(expected.Select(change => listener.WaitForChangeAsync(change.Id, late.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var told = listener.Changes.SkipWhile(change => change.Id != first).Where(change => change.Id != first && change.Id != last);
        Assert.That(told, Is.EquivalentTo(expected));
    }

    /// <summary>Ends a session that has no other purpose: when it is told, everything before it is on its way at least.</summary>
    private async Task<SessionId> PublishMarkerAsync(RecordingChangeListener listener)
    {
        var mark = await CreateAsync(Samples.Create("marker"));
        await Store.DeleteAsync(mark.Id, Token);
        await listener.WaitForChangeAsync(mark.Id, Token);
        return mark.Id;
    }
}
