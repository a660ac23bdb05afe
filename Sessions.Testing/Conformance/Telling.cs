using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformance<TStore>
{
    [Test]
    public async Task A_rotation_is_told_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var rotation = new SecretRotation(session.Credential.Secret, Samples.NewHash(), null, Clock.UtcNow);

        await AssertToldAsync(session.Id, SessionChangeKind.Changed, () => UpdateAsync(session, new() { Rotation = rotation }));
    }

    [Test]
    public async Task Values_that_are_set_or_removed_are_told_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await AssertToldAsync(
            session.Id,
            SessionChangeKind.Changed,
            () => UpdateAsync(session, new() { Values = ValuesPatch.Empty.Set("colour", "green") })
        );
        await AssertToldAsync(
            session.Id,
            SessionChangeKind.Changed,
            () => UpdateAsync(session, new() { Values = ValuesPatch.Empty.Remove("colour") })
        );
    }

    [Test]
    public async Task A_reauthentication_is_told_as_a_change()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var proof = new Reauthentication(Clock.UtcNow, "otp", session.ExpiresAt.AddHours(1), session.EndsAt.AddHours(1));

        await AssertToldAsync(session.Id, SessionChangeKind.Changed, () => UpdateAsync(session, new() { Reauthentication = proof }));
    }

    [Test]
    public async Task A_deletion_is_told_as_an_end()
    {
        var user = await CreateAsync(Samples.Create());
        var visitor = await CreateAsync(Samples.Create(userKey: null));

        await AssertToldAsync(user.Id, SessionChangeKind.Ended, async () => await Store.DeleteAsync(user.Id, Token));
        await AssertToldAsync(visitor.Id, SessionChangeKind.Ended, async () => await Store.DeleteAsync(visitor.Id, Token));
    }

    [Test]
    public async Task A_deletion_by_a_node_whose_clock_is_ahead_is_told_too()
    {
        _ = Feed();
        var ahead = await NodeAsync(SampleSessions.Lifetime * 2);
        var (first, second) = (await CreateAsync(Samples.Create()), await CreateAsync(Samples.Create()));

        await AssertToldAsync(first.Id, SessionChangeKind.Ended, async () => await ahead.DeleteAsync(first.Id, Token));
        await AssertToldAsync(second.Id, SessionChangeKind.Ended, async () => await ahead.DeleteAllAsync("ann", null, Token));
    }

    [Test]
    public async Task Delete_all_tells_of_every_session_but_the_spared_one()
    {
        _ = Feed();
        var sessions = await CreateManyAsync(5);
        var other = await CreateAsync(Samples.Create("bob"));
        var spared = sessions[2].Id;

        await AssertToldAsync(
            sessions.Where(session => session.Id != spared).Select(Ended),
            async () => await Store.DeleteAllAsync("ann", spared, Token)
        );
        await AssertToldAsync(spared, SessionChangeKind.Ended, async () => await Store.DeleteAllAsync("ann", null, Token));
        await AssertStoredAsync(other);
    }

    [Test]
    public async Task Delete_all_of_thousands_tells_of_each()
    {
        _ = Feed();
        var sessions = await CreateManyAsync(2500);

        await AssertToldAsync(sessions.Select(Ended), async () => await Store.DeleteAllAsync("ann", null, Token));
    }

    [Test]
    public async Task What_a_limit_ends_is_told()
    {
        _ = Feed();
        var sessions = await CreateManyAsync(4);
        var next = Begun(Samples.Create(), sessions.Length);

        await AssertToldAsync(
            sessions[..2].Select(Ended),
            async () => await Store.CreateAsync(next, new(3, SessionLimitPolicy.EndOldest), Token)
        );
    }

    [Test]
    public async Task Creating_reading_touching_and_noting_what_the_client_showed_are_not_told()
    {
        _ = Feed();
        var session = await CreateAsync(Samples.CreateFull());

        await AssertNotToldAsync(async () =>
        {
            await CreateAsync(Samples.Create());
            await Store.CreateAsync(Samples.Create(), new(9, SessionLimitPolicy.EndOldest), Token);
            await Store.FetchAsync(session.Id, Token);
            await Store.FetchAllAsync("ann", Token);
            await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
            await UpdateAsync(session, new());
            await UpdateAsync(session, new() { LastClient = Samples.NewClient() });
            await UpdateAsync(session, new() { Confirmation = new(session.Credential.Secret, Clock.UtcNow) });
        });
    }

    [Test]
    public async Task What_was_not_applied_is_not_told()
    {
        _ = Feed();
        var session = await CreateAsync(Samples.CreateFull());
        var set = ValuesPatch.Empty.Set("colour", "green");

        await AssertNotToldAsync(async () =>
        {
            var rotation = new SecretRotation(Samples.NewHash(), Samples.NewHash(), null, Clock.UtcNow);
            await UpdateAsync(session, new() { Rotation = rotation }, SessionUpdateOutcome.Conflict);
            await UpdateAsync(session, new() { Values = set.Expect("theme", "light") }, SessionUpdateOutcome.Conflict);
            await UpdateAsync(session, new() { Values = set, MaxValuesBytes = 1 }, SessionUpdateOutcome.TooLarge);
            await UpdateAsync(Samples.Create(), new() { Values = set }, SessionUpdateOutcome.Gone);
            await Store.DeleteAsync(Samples.NewId("ann"), Token);
            await Store.DeleteAllAsync("nobody", null, Token);
            await Store.DeleteAllAsync("ann", Samples.NewId("ann"), Token);
            await AssertDuplicateAsync(session, new(1, SessionLimitPolicy.EndOldest));
            await Assert.ThatAsync(
                async () => await Store.CreateAsync(Samples.Create(), new(1, SessionLimitPolicy.Refuse), Token),
                Throws.TypeOf<SessionLimitException>()
            );
        });
    }

    [Test]
    public async Task What_expires_and_is_swept_is_not_told()
    {
        _ = Feed();
        var session = await CreateAsync(Samples.Create());
        Clock.UtcNow = session.ExpiresAt + ClockTolerance.Deletion;

        await AssertNotToldAsync(async () =>
        {
            await Store.FetchAsync(session.Id, Token);
            await Store.FetchAllAsync("ann", Token);
            await UpdateAsync(session, new() { Values = ValuesPatch.Empty.Set("a", "b") }, SessionUpdateOutcome.Gone);
            await Store.CreateAsync(Samples.Create(), new(1, SessionLimitPolicy.EndOldest), Token);
            if (Store is ISweepableSessionStore sweepable)
            {
                await sweepable.DeleteExpiredAsync(1000, Token);
            }
        });
    }

    [Test]
    public async Task What_one_node_does_is_told_on_the_other_and_can_be_read_there()
    {
        _ = Feed();
        var other = await NodeAsync(TimeSpan.Zero);
        var (changed, ended) = (await CreateAsync(Samples.Create()), await CreateAsync(Samples.Create()));
        var listener = new RecordingChangeListener();
        using var subscription = ((ISessionChangeFeed)other).Subscribe(listener);
        await listener.UntilConnectedAsync(1, Token);

        var updating = UpdateAsync(changed, new() { Values = ValuesPatch.Empty.Set("a", "b") });
        await listener.UntilToldAsync(changed.Id, Token);
        Assert.That((await other.FetchAsync(changed.Id, Token))!.Values, Does.ContainKey("a"));
        var deleting = Store.DeleteAsync(ended.Id, Token).AsTask();
        await listener.UntilToldAsync(ended.Id, Token);
        Assert.That(await other.FetchAsync(ended.Id, Token), Is.Null);

        await Task.WhenAll(updating, deleting);
        Assert.That(listener.Changes, Is.EqualTo([new(changed.Id, SessionChangeKind.Changed), Ended(ended)]));
    }

    private static SessionChange Ended(Session session) => new(session.Id, SessionChangeKind.Ended);

    private ISessionChangeFeed Feed()
    {
        if (Store is not ISessionChangeFeed)
        {
            Assert.Ignore("This store has no change feed.");
        }

        return (ISessionChangeFeed)Store;
    }

    private async Task UpdateAsync(Session session, SessionPatch patch, SessionUpdateOutcome outcome = SessionUpdateOutcome.Applied) =>
        Assert.That((await Store.UpdateAsync(session.Id, patch, Token)).Outcome, Is.EqualTo(outcome));

    private Task AssertToldAsync(SessionId id, SessionChangeKind kind, Func<Task> act) => AssertToldAsync([new(id, kind)], act);

    private Task AssertNotToldAsync(Func<Task> act) => AssertToldAsync([], act);

    private async Task AssertToldAsync(IEnumerable<SessionChange> expected, Func<Task> act)
    {
        var listener = new RecordingChangeListener();
        using var subscription = Feed().Subscribe(listener);
        await listener.UntilConnectedAsync(1, Token);
        // What was on its way before may be told once more.
        var first = await MarkAsync(listener);
        await act();
        var last = await MarkAsync(listener);
        // News may overtake each other by a moment.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Token);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        await Task.WhenAll(expected.Select(change => listener.UntilToldAsync(change.Id, late.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var told = listener.Changes.SkipWhile(change => change.Id != first).Where(change => change.Id != first && change.Id != last);
        Assert.That(told, Is.EquivalentTo(expected));
    }

    /// <summary>Ends a session that has no other purpose: when it is told, everything before it is on its way at least.</summary>
    private async Task<SessionId> MarkAsync(RecordingChangeListener listener)
    {
        var mark = await CreateAsync(Samples.Create("marker"));
        await Store.DeleteAsync(mark.Id, Token);
        await listener.UntilToldAsync(mark.Id, Token);
        return mark.Id;
    }
}
