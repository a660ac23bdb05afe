using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

[CancelAfter(60_000)]
public sealed class PostgresInsertBatcherTests
{
    private readonly ManualTimeProvider _clock = new();
    private PostgresBatchFixture _fixture = null!;
    private SampleSessions _samples = null!;

    [SetUp]
    public async Task SetUp()
    {
        _fixture = await PostgresBatchFixture.CreateAsync(_clock);
        _samples = new SampleSessions(_clock, SeededRandom.Create());
        await _fixture.Store.PrepareAsync(Token);
    }

    [TearDown]
    public async Task TearDown() => await _fixture.DisposeAsync();

    [Test]
    public async Task Sessions_that_begin_while_another_does_are_created_with_one_statement()
    {
        Session[] sessions =
        [
            _samples.Create(),
            _samples.CreateFull() with
            {
                Tags = SessionTags.Empty,
            },
            _samples.CreateFull("bob") with
            {
                Tags = SessionTags.Empty,
            },
            _samples.Create(null),
            _samples.CreateFull("bob") with
            {
                Tags = SessionTags.Empty,
            },
        ];
        var held = await _fixture.HoldConnectionAsync();
        var creating = sessions.Select(session => CreateAsync(session)).ToList();

        Assert.That(await _fixture.CountRoundTripsAsync(() => PostgresBatchFixture.ReleaseAsync(held, creating)), Is.EqualTo(2));

        await Task.WhenAll(creating);
        foreach (var session in sessions)
        {
            Assert.That(await _fixture.Store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
        }
    }

    [Test]
    public async Task Of_several_with_one_id_one_is_created_and_the_others_throw()
    {
        var taken = _samples.Create();
        await CreateAsync(taken);
        var (first, second, other) = (_samples.Create("bob"), _samples.Create("bob"), _samples.Create("cyd"));
        second = second with { Id = first.Id };
        var held = await _fixture.HoldConnectionAsync();
        Task[] creating = [CreateAsync(_samples.Create()), CreateAsync(taken), CreateAsync(first), CreateAsync(second), CreateAsync(other)];

        await PostgresBatchFixture.ReleaseAsync(held, creating);

        Assert.That(creating[0].IsCompletedSuccessfully);
        Assert.That(() => creating[1], Throws.TypeOf<DuplicateSessionException>());
        Assert.That(creating[2..4].Count(static one => one.IsCompletedSuccessfully), Is.EqualTo(1));
        Assert.That(() => creating[2..4].Single(static one => one.IsFaulted), Throws.TypeOf<DuplicateSessionException>());
        Assert.That(creating[4].IsCompletedSuccessfully);
        Assert.That(await _fixture.Store.FetchSessionAsync(taken.Id, Token), Is.EqualTo(taken));
        Assert.That(await _fixture.Store.FetchSessionAsync(first.Id, Token), Is.EqualTo(creating[2].IsFaulted ? second : first));
        Assert.That(await _fixture.Store.FetchSessionAsync(other.Id, Token), Is.EqualTo(other));
    }

    [Test]
    public async Task A_row_that_the_database_refuses_fails_for_its_caller_alone()
    {
        await _fixture.Schema.ExecuteAsync($"ALTER TABLE {_fixture.Schema.Table} ADD CHECK (user_key <> 'bob')");
        Session[] sessions = [_samples.Create(), _samples.Create(), _samples.Create("bob"), _samples.Create("cyd")];
        var held = await _fixture.HoldConnectionAsync();
        var creating = sessions.Select(session => CreateAsync(session)).ToList();

        await PostgresBatchFixture.ReleaseAsync(held, creating);

        Assert.That(
            () => creating[2],
            Throws.TypeOf<SessionStoreException>().With.InnerException.Property("SqlState").EqualTo(PostgresErrorCodes.CheckViolation)
        );
        Assert.That(await _fixture.Store.FetchAllAsync("ann", Token), Is.EquivalentTo(sessions[..2]));
        Assert.That(await _fixture.Store.FetchAllAsync("cyd", Token), Is.EqualTo(sessions[3..]));
    }

    [Test]
    public async Task No_insert_waits_for_the_sign_out_of_another_user()
    {
        var old = _samples.Create();
        await CreateAsync(old);
        await using var signingOut = new PostgresSessionStore(_fixture.Schema.Options, _clock);
        await using var row = await PostgresRowLock.AcquireAsync(_fixture.Schema, old.Id);
        var deletion = signingOut.DeleteAllAsync("ann", null, Token).AsTask();
        var deleting = await row.WaitForBlockedProcessAsync(Token);
        var held = await _fixture.HoldConnectionAsync();
        var (alone, hers, other) = (
            CreateAsync(_samples.Create("bob")),
            CreateAsync(_samples.Create()),
            CreateAsync(_samples.Create("bob"))
        );

        await PostgresBatchFixture.ReleaseAsync(held, [alone, other]);

        Assert.That(other.IsCompletedSuccessfully);
        Assert.That(await Task.WhenAny(hers, row.WaitForBlockedProcessAsync(Token, deleting)), Is.Not.SameAs(hers), "It did not wait.");
        await row.DisposeAsync();
        await hers;
        Assert.That(await deletion, Is.EqualTo([old]));
        Assert.That(await _fixture.Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_delete_all_sees_the_sessions_that_are_being_created_together()
    {
        var old = _samples.Create("cyd");
        await CreateAsync(old);
        var (hers, blocked) = (_samples.Create(), _samples.Create("bob"));
        await using var signingOut = new PostgresSessionStore(_fixture.Schema.Options, _clock);
        await using var row = await PostgresRowLock.AcquireAsync(_fixture.Schema, old.Id);
        // Whether that id is free is known when this transaction ends, and until then whoever wants it waits.
        await row.ExecuteAsync($"UPDATE {_fixture.Schema.Table} SET id = '{blocked.Id}' WHERE id = '{old.Id}'");
        var held = await _fixture.HoldConnectionAsync();
        Task[] creating = [CreateAsync(_samples.Create("dan")), CreateAsync(hers), CreateAsync(blocked)];
        await PostgresBatchFixture.ReleaseAsync(held, creating[..1]);
        var waiting = await row.WaitForBlockedProcessAsync(Token);

        var deletion = signingOut.DeleteAllAsync("ann", null, Token).AsTask();

        Assert.That(
            await Task.WhenAny(deletion, row.WaitForBlockedProcessAsync(Token, waiting)),
            Is.Not.SameAs(deletion),
            "It did not wait."
        );
        await row.DisposeAsync();
        await Task.WhenAll(creating);
        Assert.That(await deletion, Is.EqualTo([hers]));
    }

    [Test]
    public async Task Who_cancels_before_it_is_sent_has_no_session_and_the_others_have()
    {
        using var cancellation = new CancellationTokenSource();
        var (given, kept) = (_samples.Create("bob"), _samples.Create("cyd"));
        var held = await _fixture.HoldConnectionAsync();
        var (alone, cancelled, other) = (CreateAsync(_samples.Create()), CreateAsync(given, cancellation.Token), CreateAsync(kept));

        await cancellation.CancelAsync();
        await PostgresBatchFixture.ReleaseAsync(held, [alone, other]);

        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await _fixture.Store.FetchSessionAsync(given.Id, Token), Is.Null);
        Assert.That(await _fixture.Store.FetchSessionAsync(kept.Id, Token), Is.EqualTo(kept));
    }

    [Test]
    public async Task A_failing_statement_fails_each_call_of_its_batch_with_an_own_exception()
    {
        var held = await _fixture.HoldConnectionAsync();
        var creating = Enumerable.Range(0, 5).Select(_ => CreateAsync(_samples.Create())).ToList();
        await _fixture.Schema.ExecuteAsync($"ALTER TABLE {_fixture.Schema.Table} RENAME TO elsewhere");

        Assert.That(
            await _fixture.CountRoundTripsAsync(() => PostgresBatchFixture.ReleaseAsync(held, creating)),
            Is.EqualTo(2),
            "Nobody tries again."
        );

        var failures = creating.Select(static one => one.Exception!.InnerException).Cast<SessionStoreException>().ToList();
        Assert.That(failures, Is.Unique);
        Assert.That(
            failures.Select(static failure => ((PostgresException)failure.InnerException!).SqlState),
            Is.All.EqualTo(PostgresErrorCodes.UndefinedTable)
        );
    }

    // The server finds fault with the time zone before anything is asked, by a code that a row could have as well.
    [Test]
    public async Task No_call_waits_for_ever_for_a_connection()
    {
        var settings = new NpgsqlConnectionStringBuilder(_fixture.Schema.ConnectionString) { Timezone = "nowhere" };
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = settings.ConnectionString, Schema = _fixture.Schema.Name },
            _clock
        );

        var creating = Enumerable.Range(0, 5).Select(_ => store.CreateAsync(_samples.Create(), null, default).AsTask()).ToList();

        foreach (var one in creating)
        {
            Assert.That(async () => await one.WaitAsync(Token), Throws.TypeOf<SessionStoreException>());
        }
    }

    [Test]
    public async Task In_any_batch_each_call_creates_its_own_session([Values] bool throughPgBouncer)
    {
        await using var bouncer = throughPgBouncer
            ? await PgBouncerProcess.StartAsync(_fixture.Schema.ConnectionString, connections: 2)
            : null;
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = bouncer?.ConnectionString ?? _fixture.Schema.ConnectionString, Schema = _fixture.Schema.Name },
            _clock
        );
        var random = SeededRandom.Create();
        string?[] users = ["ann", "bob", null];

        for (var round = 0; round < 50; round++)
        {
            var sessions = Enumerable
                .Range(0, 1 + random.Next(40))
                .Select(_ => _samples.CreateFull(users[random.Next(users.Length)]))
                .ToList();
            await Task.WhenAll(sessions.Select(session => Task.Run(() => store.CreateAsync(session, null, Token).AsTask())));

            Assert.That(
                await Task.WhenAll(sessions.Select(session => store.FetchSessionAsync(session.Id, Token).AsTask())),
                Is.EqualTo(sessions)
            );
        }
    }

    private Task<SessionCreation> CreateAsync(Session session, CancellationToken cancellationToken = default) =>
        _fixture.Store.CreateAsync(session, null, cancellationToken).AsTask();
}
