using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>
/// What makes calls atomic towards each other, one interleaving at a time: the one that would go wrong without the lock, which races meet
/// too rarely.
/// </summary>
[CancelAfter(60_000)]
public sealed class PostgresLockTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private PostgresTestSchema _schema = null!;
    private PostgresSessionStore _store = null!;
    private Session _session = null!;

    private static IEnumerable<SessionLimit?> Limits =>
        [null, new() { Max = 5, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, new() { Max = 5, Policy = SessionLimitPolicy.Refuse }];

    private static IEnumerable<TestCaseData<Func<PostgresSessionStore, List<Session>, Task>>> CallsOnManyRows =>
        [
            Call("touch", (store, sessions) => store.TouchAsync([.. sessions.Select(Later)], Token).AsTask()),
            Call("delete all", (store, _) => store.DeleteAllAsync("ann", null, Token).AsTask()),
            Call(
                "create and end",
                (store, sessions) =>
                    store
                        .CreateAsync(
                            sessions[0] with
                            {
                                Id = SessionId.Parse(new string('_', SessionId.Length)),
                            },
                            new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed },
                            Token
                        )
                        .AsTask()
            ),
        ];

    [SetUp]
    public async Task CreateAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        _store = new PostgresSessionStore(_schema.Options);
        _session = _samples.Create();
        await _store.CreateAsync(_session, null, Token);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _store.DisposeAsync();
        await _schema.DisposeAsync();
    }

    // Otherwise somebody could list the new session beside those that are deleted afterwards, by a call that spares it.
    [TestCaseSource(nameof(Limits))]
    public async Task A_login_waits_for_a_delete_all_of_its_user(SessionLimit? limit)
    {
        await using var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id);
        var deletion = _store.DeleteAllAsync("ann", null, Token).AsTask();
        var deleting = await held.WaitForBlockedProcessAsync(Token);

        var next = _samples.Create();
        var creation = _store.CreateAsync(next, limit, Token).AsTask();

        Assert.That(
            await Task.WhenAny(creation, held.WaitForBlockedProcessAsync(Token, deleting)),
            Is.Not.SameAs(creation),
            "It did not wait."
        );
        await held.DisposeAsync();
        await deletion;
        await creation;
        Assert.That(await _store.FetchAllAsync("ann", Token), Is.EqualTo([next]));
    }

    [Test]
    public async Task A_delete_all_sees_the_login_that_it_waited_for()
    {
        var next = _samples.Create();
        await using var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id);

        // A login at its limit that has to end the held session, and so is under way with its user's lock.
        var creation = _store.CreateAsync(next, new() { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token).AsTask();
        var creating = await held.WaitForBlockedProcessAsync(Token);
        var deletion = _store.DeleteAllAsync("ann", null, Token).AsTask();
        await held.WaitForBlockedProcessAsync(Token, creating);
        await held.DisposeAsync();

        Assert.That((await creation).Evicted, Is.EqualTo([_session]));
        Assert.That(await deletion, Is.EqualTo([next]));
    }

    // Two that lock many rows in different orders end in a deadlock.
    [TestCaseSource(nameof(CallsOnManyRows))]
    public async Task Rows_are_locked_in_order_of_id(Func<PostgresSessionStore, List<Session>, Task> call)
    {
        var sessions = new List<Session> { _session };
        for (var i = 0; i < 50; i++)
        {
            sessions.Add(_samples.Create());
            await _store.CreateAsync(sessions[^1], null, Token);
        }

        var first = sessions.Min(session => session.Id);
        Task calling;
        await using (var held = await PostgresRowLock.AcquireAsync(_schema, first))
        {
            calling = call(_store, sessions);
            await held.WaitForBlockedProcessAsync(Token);

            Assert.That(
                () => held.ExecuteAsync($"SELECT FROM {_schema.Table} WHERE id <> '{first}' FOR UPDATE NOWAIT"),
                Throws.Nothing,
                "It waits for the first and has others already."
            );
        }

        await calling;
    }

    [Test]
    public async Task Logins_of_others_and_of_visitors_do_not_wait()
    {
        await using var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id);
        var deletion = _store.DeleteAllAsync("ann", null, Token).AsTask();
        await held.WaitForBlockedProcessAsync(Token);

        await _store.CreateAsync(_samples.Create("bob"), null, Token);
        await _store.CreateAsync(_samples.Create(null), null, Token);

        Assert.That(deletion.IsCompleted, Is.False);
        await held.DisposeAsync();
        await deletion;
    }

    [Test]
    public async Task A_sweep_skips_locked_rows()
    {
        var clock = new ManualTimeProvider();
        await using var store = new PostgresSessionStore(_schema.Options, clock);
        var free = _samples.Create();
        await store.CreateAsync(free, null, Token);
        clock.Advance(SampleSessions.Lifetime + ClockTolerance.Deletion + TimeSpan.FromMinutes(1));

        await using (await PostgresRowLock.AcquireAsync(_schema, _session.Id))
        {
            Assert.That(await store.DeleteExpiredAsync(10, Token), Has.Count.EqualTo(1));
        }

        Assert.That(await store.DeleteExpiredAsync(10, Token), Has.Count.EqualTo(1));
    }

    private static SessionTouch Later(Session session) =>
        new()
        {
            Id = session.Id,
            LastSeenAt = session.LastSeenAt + TimeSpan.FromMinutes(1),
            ExpiresAt = session.ExpiresAt + TimeSpan.FromMinutes(1),
        };

    private static TestCaseData<Func<PostgresSessionStore, List<Session>, Task>> Call(
        string name,
        Func<PostgresSessionStore, List<Session>, Task> call
    ) => new TestCaseData<Func<PostgresSessionStore, List<Session>, Task>>(call).SetArgDisplayNames(name);
}
